import { randomUUID } from "node:crypto";
import type { Outcome, StoredEvent } from "@everdraft/core/adapter";
import { fold, nothing } from "@everdraft/core/internals";
import { expect } from "vitest";
import { eventOf } from "../build/event-of.ts";
import { viewAfter } from "../build/view-of.ts";
import { rendezvous } from "../rendezvous.ts";
import {
  at,
  type Bench,
  call,
  collectionName,
  eventsOf,
  expectExact,
  type PortSection,
  store,
  versions,
} from "./bench.ts";
import { section } from "./section.ts";

const racers = 16;

/** Several writers want one slot. */
export const conflicts: PortSection = section("slots and conflicts", {
  "lets exactly one of sixteen racers have a slot, and tells the others that it is taken": async (bench) => {
    const { outcomes } = await race(bench);
    expect(outcomes.filter((event) => event === "stored")).toHaveLength(1);
    expect(outcomes.filter((event) => event === "taken")).toHaveLength(racers - 1);
  },

  "leaves no trace of the losers, neither in the log nor in the view": async (bench) => {
    const { events, outcomes } = await race(bench);
    const winner = at(events, outcomes.indexOf("stored"));
    expect((await eventsOf(bench, "a")).map(({ id }) => id)).toEqual([winner.id]);
    for (const loser of events.filter((event) => event !== winner)) {
      expect(await bench.log.byId("a", loser.id, call)).toBeUndefined();
    }
    const [view] = await bench.views.get(["a"], call);
    expectExact(view, viewAfter(winner, { by: winner.id }), bench.types);
  },

  "decides between writers of several openings of one collection": async (bench) => {
    const others = [
      await bench.storage.open(collectionName, call),
      await bench.storage.open(collectionName, call),
    ];
    const events = others.map(() => eventOf({ doc: "a" }));
    const outcomes = await decided(
      others.map(
        ({ log }, i) =>
          () =>
            log.commit([{ event: at(events, i) }], "independent", call),
      ),
    );
    expect(outcomes.toSorted()).toEqual(["stored", "taken"]);
    expect((await eventsOf(bench, "a")).map(({ id }) => id)).toEqual([
      events[outcomes.indexOf("stored")]?.id,
    ]);
  },

  "stores an event once that is sent by eight callers at the same time": async (bench) => {
    const event = eventOf({ doc: "a" });
    const outcomes = await decided(
      Array.from({ length: 8 }, () => () => bench.log.commit([{ event }], "independent", call)),
    );
    expect(outcomes.filter((one) => one === "stored")).toHaveLength(1);
    expect(outcomes.filter((one) => one === "taken")).toHaveLength(7);
    expect(await versions(bench, "a")).toEqual([1]);
  },

  "decides document by document between racing commits of many": async (bench) => {
    const docs = Array.from({ length: 12 }, (_, i) => `doc-${i}`);
    const raced = await rendezvous(
      Array.from({ length: 4 }, (_, racer) => () => {
        // each in an order of its own, as batches of different processes are
        const own = racer % 2 === 0 ? docs : docs.toReversed();
        const appends = own.map((doc) => ({ event: eventOf({ doc, by: `racer-${racer}` }) }));
        return bench.log.commit(appends, "independent", call);
      }),
    );
    const winners = raced.flatMap((one, racer) => {
      if ("error" in one) throw one.error;
      const own = racer % 2 === 0 ? docs : docs.toReversed();
      return own.filter((_, i) => one.value[i]?.event === "stored").map((doc) => `${doc} racer-${racer}`);
    });
    const stored = await Promise.all(docs.map((doc) => eventsOf(bench, doc)));
    expect(stored.flat().map(({ doc, by }) => `${doc} ${by}`)).toEqual(expect.arrayContaining(winners));
    expect(winners).toHaveLength(docs.length);
    expect(stored.map((events) => events.length)).toEqual(docs.map(() => 1));
  },

  "keeps every acknowledged event of four writers who race for a whole history": async (bench) => {
    const acknowledged = await rendezvous(
      Array.from({ length: 4 }, (_, writer) => async () => {
        const mine: string[] = [];
        for (let tries = 0; mine.length < 8; tries++) {
          expect(tries, "a writer that never wins").toBeLessThan(1000);
          const head = await bench.log.head("a", 0, call);
          const event = nextOf(head, `writer-${writer}`);
          const [outcome] = await bench.log.commit([{ event }], "independent", call);
          if (outcome?.event === "stored") mine.push(event.id);
          else expect(outcome?.event).toBe("taken");
        }
        return mine;
      }),
    );
    const ids = acknowledged.flatMap((one) => ("error" in one ? [String(one.error)] : one.value));
    const events = await eventsOf(bench, "a");
    expect(events.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(fold(nothing, events, "a", bench.types).version).toBe(32);
  },

  "refuses a slot below the head": async (bench) => {
    const first = eventOf({ doc: "a" });
    const second = nextOf(first, "kit");
    await store(bench, [{ event: first }]);
    await store(bench, [{ event: second }]);
    for (const version of [1, 2]) {
      const [outcome] = await bench.log.commit(
        [{ event: eventOf({ doc: "a", version }) }],
        "independent",
        call,
      );
      expect(outcome?.event).toBe("taken");
    }
    expect((await eventsOf(bench, "a")).map(({ id }) => id)).toEqual([first.id, second.id]);
  },
});

/** Sixteen events for one slot, committed at the same time, each with a view that names it. */
async function race(bench: Bench): Promise<{ events: StoredEvent[]; outcomes: Outcome["event"][] }> {
  const events = Array.from({ length: racers }, () => {
    const id = randomUUID();
    return eventOf({ doc: "a", id, patches: [{ op: "replace", path: [], value: { by: id } }] });
  });
  const outcomes = await decided(
    events.map((event) => () => {
      return bench.log.commit([{ event, view: viewAfter(event, { by: event.id }) }], "independent", call);
    }),
  );
  return { events, outcomes };
}

/** The outcome of the first event of each racing commit. A commit that rejects fails the check. */
async function decided(racing: readonly (() => Promise<readonly Outcome[]>)[]): Promise<Outcome["event"][]> {
  return (await rendezvous(racing)).map((one) => {
    if ("error" in one) throw one.error;
    return at(one.value, 0).event;
  });
}

function nextOf(head: StoredEvent | undefined, by: string): StoredEvent {
  return eventOf({ doc: "a", version: (head?.version ?? 0) + 1, previous: head?.hash ?? null, by });
}
