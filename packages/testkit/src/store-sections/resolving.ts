import { newId, type Store } from "@everdraft/core";
import type { StoredEvent } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { eventOf } from "../build/event-of.ts";
import { section } from "../sections/section.ts";
import { type Order, order, setNote } from "./order.ts";
import { eventsIn, refused, storesNothing } from "./refusals.ts";
import { portCall, type StoreBench, type StoreSection } from "./store-bench.ts";

/** The outcome of a write that ended in doubt. */
export const resolving: StoreSection = section(
  "resolving writes in doubt",
  {
    "a stored write is answered with its result": async (bench) => {
      const store = bench.open();
      const made = await store.create("o-1", "alice", order());
      const edited = await store.edit("o-1", "bob", setNote("stored"));
      await store.edit("o-1", "carol", setNote("later"));
      for (const one of [store, bench.open()]) {
        for (const result of [made, edited]) {
          expect(await one.resolve("o-1", result)).toEqual({ outcome: "stored", result });
          const settled = await one.resolve("o-1", result, { settle: "dave" });
          expect(settled).toEqual({ outcome: "stored", result });
        }
      }
      expect(await eventsIn(bench.port, "o-1")).toHaveLength(3);
    },

    "a write whose slot is another's never will be stored": async (bench) => {
      const store = bench.open();
      await store.create("o-1", "alice", order());
      const lost = { eventId: newId(), version: 1 };
      await storesNothing(bench.port, ["o-1"], async () => {
        expect(await store.resolve("o-1", lost)).toEqual({ outcome: "never" });
        expect(await store.resolve("o-1", lost, { settle: "dave" })).toEqual({ outcome: "never" });
      });
    },

    "a write whose slot is empty is open, and asking changes nothing": async (bench) => {
      const { event, store } = await inDoubt(bench);
      const write = { eventId: event.id, version: event.version };
      for (const one of [store, bench.open()]) {
        const asked = await storesNothing(bench.port, ["o-1"], () => one.resolve("o-1", write));
        expect(asked).toEqual({ outcome: "open" });
      }
      await bench.port.log.commit([{ event }], "independent", portCall);
      expect(await store.resolve("o-1", write)).toMatchObject({
        outcome: "stored",
        result: { version: 3, by: "late", eventId: event.id, state: { note: "late" }, changed: true },
      });
      expect(await bench.open().get("o-1")).toMatchObject({ note: "late" });
    },

    "a settled write never will be: the late event finds its slot closed": async (bench) => {
      const { event, store } = await inDoubt(bench);
      const write = { eventId: event.id, version: event.version };
      expect(await bench.open().resolve("o-1", write, { settle: "dave" })).toEqual({ outcome: "never" });
      const [outcome] = await bench.port.log.commit([{ event }], "independent", portCall);
      expect(outcome?.event).toBe("taken");
      expect(await store.resolve("o-1", write)).toEqual({ outcome: "never" });
      expect(await store.history("o-1", { from: { version: 3 } }).toArray()).toEqual([]);
      const [blank] = await store.history("o-1", { from: { version: 3 }, blanks: true }).toArray();
      expect(blank).toMatchObject({ type: "blank", version: 3, by: "dave", patches: [] });
      for (const one of [store, bench.open()]) {
        expect(await one.get("o-1")).toEqual(order({ note: "second" }));
        expect(await one.read("o-1")).toMatchObject({ version: 2, by: "bob", state: { note: "second" } });
        expect(await one.stateAt("o-1", { version: 3 })).toEqual(order({ note: "second" }));
      }
      expect(await store.edit("o-1", "bob", setNote("goes on"))).toMatchObject({ version: 4, changed: true });
      expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 4 });
    },

    "settling a write several slots above the head closes all of them": async (bench) => {
      const { store } = await inDoubt(bench);
      const write = { eventId: newId(), version: 5 };
      expect(await store.resolve("o-1", write, { settle: "dave" })).toEqual({ outcome: "never" });
      const types = (await bench.open().history("o-1", { blanks: true }).toArray()).map(({ type }) => type);
      expect(types).toEqual(["created", "edited", "blank", "blank", "blank"]);
      expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 5 });
    },

    "a blank on a deleted document leaves it deleted, and restore looks behind it": async (bench) => {
      const { store } = await inDoubt(bench);
      await store.delete("o-1", "alice");
      await store.resolve("o-1", { eventId: newId(), version: 4 }, { settle: "dave" });
      for (const one of [store, bench.open()]) {
        expect(await one.get("o-1")).toBeUndefined();
        expect(await one.read("o-1")).toBeUndefined();
        await refused(one.edit("o-1", "bob", setNote("x")), "deleted");
      }
      expect((await bench.open().restore("o-1", "bob")).state).toEqual(order({ note: "second" }));
      expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 5 });
    },

    "settling and the late event at the same time: one of them has the slot": async (bench) => {
      const { event, store } = await inDoubt(bench);
      const write = { eventId: event.id, version: event.version };
      const [resolved, outcomes] = await Promise.all([
        store.resolve("o-1", write, { settle: "dave" }),
        bench.port.log.commit([{ event }], "independent", portCall),
      ]);
      const stored = outcomes[0]?.event === "stored";
      expect(resolved.outcome).toBe(stored ? "stored" : "never");
      expect((await store.read("o-1"))?.by).toBe(stored ? "late" : "bob");
      expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 3 });
    },

    "settling while others write goes on until the slot is filled": async (bench) => {
      const { store } = await inDoubt(bench);
      const other = bench.open();
      const write = { eventId: newId(), version: 6 };
      const edits = Array.from({ length: 4 }, (_, i) => other.edit("o-1", "bob", setNote(`${i}`)));
      const [resolved] = await Promise.all([store.resolve("o-1", write, { settle: "dave" }), ...edits]);
      expect(resolved).toEqual({ outcome: "never" });
      expect((await other.read("o-1"))?.version).toBeGreaterThanOrEqual(6);
      expect((await other.history("o-1", { by: "bob" }).toArray()).slice(1)).toHaveLength(4);
      expect(await store.verify("o-1")).toMatchObject({ ok: true });
    },
  },
  {
    "an open creation is settled by a blank first event, and the document can be created behind it": async (
      bench,
    ) => {
      const write = { eventId: newId(), version: 1 };
      const store = bench.open();
      expect(await store.resolve("o-9", write)).toEqual({ outcome: "open" });
      expect(await eventsIn(bench.port, "o-9")).toEqual([]);
      expect(await store.resolve("o-9", write, { settle: "dave" })).toEqual({ outcome: "never" });
      expect(await store.get("o-9")).toBeUndefined();
      expect(await store.create("o-9", "alice", order())).toMatchObject({ version: 2 });
      expect(await store.resolve("o-9", write)).toEqual({ outcome: "never" });
    },
  },
);

/** o-1 in two versions, and an event for the third that was sent and has not arrived. */
async function inDoubt({ open, port, clock }: StoreBench): Promise<{
  readonly store: Store<Order>;
  readonly event: StoredEvent;
}> {
  const store = open();
  await store.create("o-1", "alice", order());
  await store.edit("o-1", "bob", setNote("second"));
  const head = await port.log.head("o-1", 0, portCall);
  const event = eventOf({
    doc: "o-1",
    version: 3,
    previous: head?.hash ?? null,
    at: clock.now,
    by: "late",
    patches: [{ op: "replace", path: ["note"], value: "late" }],
  });
  return { store, event };
}
