import type { Append, StoredEvent, StoredPlace, StoringOrder } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { eventOf } from "../build/event-of.ts";
import { type Bench, call, collectionName, endless, type PortSection, store } from "./bench.ts";
import { section } from "./section.ts";

/** The order of storing in which events are listed, where a storage knows one. */
export const positions: PortSection = section("positions", {
  "lists events in the order in which they were stored, whatever their times": async (bench) => {
    await inOrder(bench, async (order) => {
      expect(await order.newest(call)).toBeUndefined();
      expect(await all(order)).toEqual([]);
      const chain = chained("b", 3, 9_000);
      await store(bench, [{ event: eventOf({ doc: "z", at: 5_000 }) }]);
      await store(bench, chain, "chain");
      await store(
        bench,
        ["y", "a", "m"].map((doc, i) => ({ event: eventOf({ doc, at: 1_000 * i }) })),
      );
      const found = await all(order);
      expect(found.slice(0, 4).map(nameOf)).toEqual(["z1", "b1", "b2", "b3"]);
      expect(found.slice(4).map(nameOf).sort()).toEqual(["a1", "m1", "y1"]);
      expect(await order.newest(call)).toEqual(found.at(-1));
      const at = found.map(({ position }) => position);
      expect(at).toEqual(at.toSorted((a, b) => a - b));
      expect(new Set(at).size).toBe(7);
      expect(at.every((position) => Number.isSafeInteger(position) && position > 0)).toBe(true);
    });
  },

  "goes on behind a position, in pages of any size": async (bench) => {
    await inOrder(bench, async (order) => {
      await store(bench, chained("a", 5, 0), "chain");
      const whole = await all(order);
      for (const limit of [1, 2, 4, 5, 6]) expect(await all(order, limit)).toEqual(whole);
      for (const [i, { position }] of whole.entries())
        expect(await order.behind(position, 100, call)).toEqual(whole.slice(i + 1));
    });
  },

  "what is not stored has no place": async (bench) => {
    await inOrder(bench, async (order) => {
      const [first, second] = chained("a", 2, 0) as [Append, Append];
      await store(bench, [first]);
      const before = await all(order);
      const [taken] = await bench.log.commit([{ event: eventOf({ doc: "a" }) }], "independent", call);
      expect(taken?.event).toBe("taken");
      expect(await all(order)).toEqual(before);
      await store(bench, [second]);
      expect((await all(order)).map(nameOf)).toEqual(["a1", "a2"]);
      expect((await all(order)).slice(0, 1)).toEqual(before);
    });
  },

  "an event is below all that are stored after it was seen, whoever stores them": async (bench) => {
    await inOrder(bench, async (order) => {
      let highest = 0;
      for (let round = 0; round < 5; round++) {
        const docs = Array.from({ length: 8 }, (_, i) => `${round}-${i}`);
        await Promise.all(docs.map((doc) => store(bench, [{ event: eventOf({ doc }) }])));
        const found = await order.behind(highest, 100, call);
        expect(found.map(({ doc }) => doc).sort()).toEqual(docs);
        highest = found.at(-1)?.position ?? 0;
      }
      const again = await bench.storage.open(collectionName, call);
      expect(await again.log.positions?.newest(call)).toMatchObject({ position: highest });
      const other = await bench.storage.open("other", call);
      expect(await other.log.positions?.behind(0, 100, call)).toEqual([]);
    });
  },
});

async function inOrder({ log }: Bench, prove: (order: StoringOrder) => Promise<void>): Promise<void> {
  if (log.positions !== undefined) await prove(log.positions);
}

async function all(order: StoringOrder, limit = 100): Promise<StoredPlace[]> {
  const found: StoredPlace[] = [];
  for (let pages = 0; pages < 100; pages++) {
    const page = await order.behind(found.at(-1)?.position ?? 0, limit, call);
    found.push(...page);
    if (page.length < limit) return found;
  }
  throw new Error(endless);
}

function chained(doc: string, length: number, at: number): Append[] {
  const events: StoredEvent[] = [];
  for (let version = 1; version <= length; version++)
    events.push(eventOf({ doc, version, at, previous: events.at(-1)?.hash ?? null }));
  return events.map((event) => ({ event }));
}

function nameOf({ doc, version }: StoredPlace): string {
  return `${doc}${version}`;
}
