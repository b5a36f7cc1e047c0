import type { Store } from "@everdraft/core";
import * as fc from "fast-check";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { seeded } from "../seeded.ts";
import { anyLife } from "./any-life.ts";
import { order, setNote } from "./order.ts";
import { type Third, third, twoOld } from "./people.ts";
import { live } from "./random-lives.ts";
import { type Sheet, sheetHistory, snapshotsOf } from "./sheets.ts";
import type { StoreSection } from "./store-bench.ts";

type Plain = Record<string, unknown>;

/** Events that come with their changes. */
export const historiesWithChanges: StoreSection = section(
  "reading histories with changes",
  {
    "over many snapshots each event comes with the changes between its neighbours, in both orders": async (
      bench,
    ) => {
      const store = bench.open<Sheet>({ cache: { maxBytes: 0 } });
      await sheetHistory(bench, { length: 150, rows: 60 });
      expect((await snapshotsOf(bench.port, 150)).length).toBeGreaterThan(3);
      await expectDiffs(store, "s");
    },
  },
  {
    "for any life the changes of each event are those of diff, and the event is that of a history without them":
      async (bench) => {
        const stores = [bench.open<Plain>(), bench.open<Plain>({ cache: { maxBytes: 0 } })];
        let run = 0;
        const property = fc.asyncProperty(anyLife(stores.length), async (turns) => {
          const id = `doc-${run++}`;
          await live(id, turns, stores, bench.clock);
          await expectDiffs(bench.open<Plain>(), id);
        });
        await fc.assert(property, seeded(10));
      },

    "blanks are passed by, and have no changes where they are asked for": async ({ open }) => {
      const store = open();
      await store.create("o-1", "alice", order());
      await store.edit("o-1", "bob", () => {}, { key: "k" });
      await store.edit("o-1", "bob", setNote("x"));
      const versions = async (query: object) =>
        (await store.history("o-1", { ...query, changes: true }).toArray()).map(({ version, changes }) => [
          version,
          changes.length,
        ]);
      expect(await versions({})).toEqual([
        [1, 1],
        [3, 1],
      ]);
      expect(await versions({ blanks: true, order: "newest" })).toEqual([
        [3, 1],
        [2, 0],
        [1, 1],
      ]);
    },

    "changes are those of the store's schema, and an event that stored a migration is named": async (
      bench,
    ) => {
      const { newer } = await twoOld(bench);
      await newer.edit("p", "bob", (draft) => void draft.phones.push("2"));
      const events = await bench.open<Third>(third).history("p", { changes: true }).toArray();
      expect(events.map(({ migration, changes }) => [migration, changes])).toEqual([
        [undefined, [{ kind: "added", path: [], after: expect.objectContaining({ last: "Byron" }) }]],
        [undefined, [{ kind: "changed", path: ["last"], before: "Byron", after: "Lovelace" }]],
        [true, [{ kind: "added", path: ["phones", 1], after: "2" }]],
      ]);
    },

    "newest first, a history of many pages ends with the first version that is asked for": async ({
      open,
    }) => {
      const store = open();
      await store.create("o-1", "alice", order());
      for (let i = 0; i < 99; i++) await store.edit("o-1", "bob", setNote(`${i}`));
      const query = { order: "newest", after: 10, changes: true } as const;
      const events = await open().history("o-1", query).toArray();
      expect(events.map(({ version }) => version)).toEqual(Array.from({ length: 90 }, (_, i) => 100 - i));
    },

    "only the events that are asked for are given, and their changes are those to the event before": async ({
      open,
    }) => {
      const store = open();
      await store.create("o-1", "alice", order());
      for (let i = 0; i < 9; i++) await store.edit("o-1", i % 2 === 0 ? "bob" : "carol", setNote(`${i}`));
      const query = { by: "bob", after: 3, before: 9, changes: true } as const;
      for (const direction of ["oldest", "newest"] as const) {
        const events = await store.history("o-1", { ...query, order: direction, limit: 2 }).toArray();
        const found = events.map(({ version, changes }) => [version, changes]);
        const noted = (version: number) => [
          version,
          [{ kind: "changed", path: ["note"], before: `${version - 3}`, after: `${version - 2}` }],
        ];
        expect(found).toEqual((direction === "oldest" ? [4, 6] : [8, 6]).map(noted));
      }
    },
  },
);

/** Each event of a history is that of a history without changes, and its changes are those of `diff`. */
async function expectDiffs(store: Pick<Store<never>, "history" | "diff">, id: string): Promise<void> {
  const plain = await store.history(id).toArray();
  const wanted = [];
  for (const event of plain) {
    const { version } = event;
    wanted.push({ ...event, changes: await store.diff(id, { version: version - 1 }, { version }) });
  }
  expect(await store.history(id, { changes: true }).toArray()).toEqual(wanted);
  const newest = await store.history(id, { changes: true, order: "newest" }).toArray();
  expect(newest).toEqual(wanted.toReversed());
}
