import type { HistoryQuery } from "@everdraft/core";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { linesOf, order, setNote } from "./order.ts";
import { patient, type StoreBench, type StoreSection } from "./store-bench.ts";

const second = 1000;

/** The events of one document and of all. */
export const histories: StoreSection = section(
  "reading histories",
  {
    "history gives the events oldest first, newest first where asked, and at most a limit": async (bench) => {
      await eightEvents(bench);
      for (const store of [bench.open(), bench.open({ cache: { maxBytes: 0 } })]) {
        const versions = async (query?: HistoryQuery) =>
          (await store.history("o-1", query).toArray()).map(({ version }) => version);
        expect(await versions()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
        expect(await versions({ order: "newest" })).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
        expect(await versions({ limit: 3 })).toEqual([1, 2, 3]);
        expect(await versions({ order: "newest", limit: 2 })).toEqual([8, 7]);
        expect(await versions({ limit: 100 })).toHaveLength(8);
        expect(await store.history("unknown").toArray()).toEqual([]);
      }
    },

    "from and to are included, as versions and as dates": async (bench) => {
      const times = await eightEvents(bench);
      const store = bench.open();
      const date = (version: number, shift = 0) => new Date((times[version - 1] as number) + shift);
      const cases: readonly [HistoryQuery, number[]][] = [
        [{ from: { version: 3 }, to: { version: 5 } }, [3, 4, 5]],
        [{ from: { version: 7 } }, [7, 8]],
        [{ to: { version: 2 } }, [1, 2]],
        [{ from: { version: 5 }, to: { version: 3 } }, []],
        [{ from: date(3), to: date(5) }, [3, 4, 5]],
        [{ from: date(3, 1), to: date(5, -1) }, [4]],
        [{ from: date(1, -second), to: date(1, -1) }, []],
        [{ to: date(1) }, [1]],
        [{ from: date(8, 1) }, []],
        [{ from: new Date(0), to: new Date(8.64e15) }, [1, 2, 3, 4, 5, 6, 7, 8]],
        [{ from: { version: 4 }, to: date(6) }, [4, 5, 6]],
        [{ from: date(3), to: date(6), order: "newest", limit: 2 }, [6, 5]],
      ];
      for (const [query, wanted] of cases) {
        const events = await store.history("o-1", query).toArray();
        expect({ query, versions: events.map(({ version }) => version) }).toEqual({
          query,
          versions: wanted,
        });
      }
    },

    "dates take in all events of one millisecond": async ({ open, clock }) => {
      const store = open();
      await store.create("o-1", "alice", order());
      clock.forward(second);
      for (let i = 0; i < 3; i++) await store.replace("o-1", "alice", order({ note: `${i}` }));
      const at = new Date(clock.now);
      clock.forward(second);
      await store.delete("o-1", "alice");
      const versions = (query: HistoryQuery) =>
        store
          .history("o-1", query)
          .toArray()
          .then((events) => events.map(({ version }) => version));
      expect(await versions({ from: at, to: at })).toEqual([2, 3, 4]);
      expect(await versions({ from: at })).toEqual([2, 3, 4, 5]);
      expect(await versions({ to: at })).toEqual([1, 2, 3, 4]);
    },

    "events can be asked for by user, type and place, and all of it at once": async (bench) => {
      await eightEvents(bench);
      const store = bench.open();
      const cases: readonly [HistoryQuery, number[]][] = [
        [{ by: "bob" }, [2, 4]],
        [{ by: "nobody" }, []],
        [{ type: "edited" }, [2, 3, 4, 5]],
        [{ type: "reverted" }, [8]],
        [{ type: "imported" }, []],
        [{ path: ["note"] }, [1, 2, 6, 7, 8]],
        [{ path: ["status"] }, [1, 5, 6, 7, 8]],
        // the line of now came with the last event; of the one before it an earlier moment tells
        [{ path: ["lines", 0] }, [8]],
        [{ path: ["lines", 0, "qty"], at: { version: 7 } }, [4, 6, 7]],
        [{ path: [] }, [1, 2, 3, 4, 5, 6, 7, 8]],
        [{ path: ["lines"], by: "bob", type: "edited" }, [4]],
        [{ type: "edited", order: "newest", limit: 1 }, [5]],
        [{ by: "bob", limit: 1 }, [2]],
        [{ from: { version: 3 }, by: "bob" }, [4]],
      ];
      for (const [query, wanted] of cases) {
        const events = await store.history("o-1", query).toArray();
        expect({ query, versions: events.map(({ version }) => version) }).toEqual({
          query,
          versions: wanted,
        });
      }
    },

    "a history of 700 events comes whole, and can be left early": async ({ open }) => {
      const store = open();
      await store.create("o-1", "alice", order());
      const edits = Array.from({ length: 699 }, (_, i) =>
        store.edit("o-1", `user-${i % 7}`, setNote(`${i}`), patient),
      );
      await Promise.all(edits);
      const all = Array.from({ length: 700 }, (_, i) => i + 1);
      const cold = open();
      const list = cold.history("o-1");
      expect((await list.toArray()).map(({ version }) => version)).toEqual(all);
      const newest = await cold.history("o-1", { order: "newest" }).toArray();
      expect(newest.map(({ version }) => version)).toEqual(all.toReversed());
      const byOne = await cold.history("o-1", { by: "user-3", limit: 80 }).toArray();
      expect(byOne.map(({ version }) => version)).toEqual(all.filter((v) => (v - 2) % 7 === 3).slice(0, 80));
      const seen: number[] = [];
      for await (const { version } of list) {
        seen.push(version);
        if (version === 300) break;
      }
      expect(seen).toEqual(all.slice(0, 300));
      const again: number[] = [];
      for await (const { version } of list) again.push(version);
      expect(again).toEqual(all);
      expect(await cold.changes().toArray()).toHaveLength(700);
    },
  },
  {
    "an aborted signal ends the iteration with its reason": async (bench) => {
      await eightEvents(bench);
      const stop = new AbortController();
      const reason = new Error("enough");
      stop.abort(reason);
      const store = bench.open();
      for (const list of [
        store.history("o-1", { signal: stop.signal }),
        store.changes({ signal: stop.signal }),
        store.find({}, { signal: stop.signal }),
      ])
        await expect(list.toArray()).rejects.toBe(reason);
    },
  },
);

/** o-1 in eight events of several users and types, a second apart; gives their times. */
async function eightEvents({ open, clock }: StoreBench): Promise<number[]> {
  const store = open();
  const times: number[] = [];
  const acts: (() => Promise<unknown>)[] = [
    () => store.create("o-1", "alice", order({ note: "a", lines: linesOf("A") })),
    () => store.edit("o-1", "bob", (draft) => void Object.assign(draft, { note: "b" })),
    () => store.edit("o-1", "carol", (draft) => void Object.assign(draft, { lines: [] })),
    () => store.edit("o-1", "bob", (draft) => void draft.lines.push({ id: "X", qty: 4 })),
    () => store.edit("o-1", "carol", (draft) => void Object.assign(draft, { status: "paid" })),
    () => store.delete("o-1", "dave"),
    () => store.restore("o-1", "dave"),
    () => store.revert("o-1", "erin", { version: 1 }),
  ];
  for (const act of acts) {
    times.push(clock.forward(second).getTime());
    await act();
  }
  return times;
}
