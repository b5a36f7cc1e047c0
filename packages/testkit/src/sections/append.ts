import type { StoredEventType } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { appendsOf, chainOf } from "../build/chain-of.ts";
import { eventOf } from "../build/event-of.ts";
import { viewAfter } from "../build/view-of.ts";
import { at, call, eventsOf, expectEvent, expectExact, type PortSection, store, versions } from "./bench.ts";
import { section } from "./section.ts";

const everyType: readonly StoredEventType[] = [
  ...(["created", "edited", "reverted", "undone", "deleted", "restored"] as const),
  ...(["adopted", "imported", "absorbed", "compacted", "blank"] as const),
];

/** The rules of one commit of independent events. */
export const append: PortSection = section("append", {
  "gives a stored event back exactly, by range, as the head and by its id": async (bench) => {
    const event = eventOf({ doc: "a" });
    await store(bench, [{ event }]);
    expectEvent((await eventsOf(bench, "a"))[0], event, null, bench.types);
    expectEvent(await bench.log.head("a", 0, call), event, null, bench.types);
    expectEvent(await bench.log.byId("a", event.id, call), event, null, bench.types);
  },

  "stores the next version behind the first": async (bench) => {
    const { events } = chainOf("a", 2);
    for (const event of events) await store(bench, [{ event }]);
    expect(await versions(bench, "a")).toEqual([1, 2]);
    expectEvent(await bench.log.head("a", 1, call), at(events, 1), at(events, 0).hash, bench.types);
  },

  "keeps every optional field, and adds none that was left out": async (bench) => {
    const full = eventOf({
      doc: "full",
      version: 1,
      act: "act-1",
      ref: { version: 3, at: 1_700_000_000_123, event: "event-3" },
      migrated: 1,
      schema: 7,
      reason: "because, as they say,\n“so”",
      meta: { ip: "::1", tries: 2, nested: { list: [null, true] } },
    });
    const bare = eventOf({ doc: "bare", ref: { version: 2 }, reason: "", meta: {} });
    await store(bench, [{ event: full }, { event: bare }]);
    expectEvent(await bench.log.head("full", 0, call), full, null, bench.types);
    expectEvent(await bench.log.head("bare", 0, call), bare, null, bench.types);
  },

  "keeps every type of event": async (bench) => {
    const events = everyType.map((type) => eventOf({ doc: type, type }));
    await store(
      bench,
      events.map((event) => ({ event })),
    );
    for (const event of events)
      expectEvent(await bench.log.head(event.doc, 0, call), event, null, bench.types);
  },

  "keeps an event without patches": async (bench) => {
    const event = eventOf({ doc: "a", type: "blank", patches: [] });
    await store(bench, [{ event }]);
    expectEvent(await bench.log.head("a", 0, call), event, null, bench.types);
  },

  "gives nothing for a document without events, and no other document's event by its id": async (bench) => {
    const event = eventOf({ doc: "a" });
    await store(bench, [{ event }]);
    expect(await eventsOf(bench, "a")).toHaveLength(1);
    expect(await eventsOf(bench, "b")).toEqual([]);
    expect(await bench.log.head("b", 0, call)).toBeUndefined();
    expect(await bench.log.byId("b", event.id, call)).toBeUndefined();
    expect(await bench.log.byId("a", "another id", call)).toBeUndefined();
  },

  "refuses an event whose slot is taken, and keeps the first": async (bench) => {
    const first = eventOf({ doc: "a" });
    await store(bench, [{ event: first }]);
    const second = eventOf({ doc: "a", reason: "too late" });
    const [outcome] = await bench.log.commit([{ event: second }], "independent", call);
    expect(outcome?.event).toBe("taken");
    expect(outcome).not.toHaveProperty("by", "id");
    expectEvent(await bench.log.head("a", 0, call), first, null, bench.types);
    expect(await bench.log.byId("a", second.id, call)).toBeUndefined();
  },

  "refuses an id that the document has already, in whatever slot": async (bench) => {
    const first = eventOf({ doc: "a" });
    await store(bench, [{ event: first }]);
    const second = eventOf({ doc: "a", id: first.id, version: 2, previous: first.hash });
    const [outcome] = await bench.log.commit([{ event: second }], "independent", call);
    expect(outcome?.event).toBe("taken");
    expect(outcome).not.toHaveProperty("by", "slot");
    expect(await versions(bench, "a")).toEqual([1]);
    expectEvent(await bench.log.byId("a", first.id, call), first, null, bench.types);
  },

  "says taken when the same event is sent again, and keeps it once": async (bench) => {
    const event = eventOf({ doc: "a" });
    await store(bench, [{ event }]);
    const [outcome] = await bench.log.commit([{ event }], "independent", call);
    expect(outcome?.event).toBe("taken");
    expect(await versions(bench, "a")).toEqual([1]);
  },

  "decides each document of a commit alone, and answers in the order given": async (bench) => {
    await store(bench, [{ event: eventOf({ doc: "b" }) }, { event: eventOf({ doc: "d" }) }]);
    const appends = ["a", "b", "c", "d", "e"].map((doc) => ({ event: eventOf({ doc }) }));
    const outcomes = await bench.log.commit(appends, "independent", call);
    expect(outcomes.map(({ event }) => event)).toEqual(["stored", "taken", "stored", "taken", "stored"]);
    for (const doc of ["a", "b", "c", "d", "e"]) expect(await versions(bench, doc)).toEqual([1]);
  },

  "stores a hundred documents in one commit": async (bench) => {
    const chains = Array.from({ length: 100 }, (_, i) => chainOf(`doc-${i}`, 1));
    const outcomes = await store(
      bench,
      chains.flatMap((chain) => appendsOf(chain)),
    );
    expect(outcomes).toHaveLength(100);
    const ids = chains.map(({ views }) => at(views, 0).id);
    const views = await bench.views.get(ids, call);
    expect(views.map((view) => view?.id)).toEqual(ids);
  },

  "writes the view of an event that it stores": async (bench) => {
    const chain = chainOf("a", [{ name: "first" }, { name: "second" }]);
    for (const version of [1, 2]) {
      await store(bench, appendsOf(chain, version, version));
      const [view] = await bench.views.get(["a"], call);
      expectExact(view, chain.views[version - 1], bench.types);
    }
  },

  "takes the view away with an event that deletes": async (bench) => {
    const chain = chainOf("a", [{ name: "first" }, undefined]);
    await store(bench, appendsOf(chain, 1, 1));
    await store(bench, appendsOf(chain, 2, 2));
    const [view] = await bench.views.get(["a"], call);
    expect(view?.state).toBeUndefined();
    expect(await versions(bench, "a")).toEqual([1, 2]);
  },

  "writes no view for an event that it does not store": async (bench) => {
    const chain = chainOf("a", [{ from: "the first" }]);
    await store(bench, appendsOf(chain));
    const late = eventOf({ doc: "a" });
    const view = { ...viewAfter(late, { from: "the second" }), version: 9 };
    const [outcome] = await bench.log.commit([{ event: late, view }], "independent", call);
    expect(outcome?.event).toBe("taken");
    expectExact((await bench.views.get(["a"], call))[0], chain.views[0], bench.types);
  },

  "keeps a view that is newer than the event's": async (bench) => {
    const chain = chainOf("a", 3);
    await store(bench, [{ event: at(chain.events, 0) }]);
    await bench.views.write(at(chain.views, 2), "lower", call);
    await store(bench, appendsOf(chain, 2, 2));
    expectExact((await bench.views.get(["a"], call))[0], chain.views[2], bench.types);
  },
});
