import type { Revision } from "@everdraft/core";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { type Order, order } from "./order.ts";
import { eventsIn, refused, storesNothing } from "./refusals.ts";
import { expectWhole, ids, notes, type Rev, start } from "./revisions.ts";
import type { StoreSection } from "./store-bench.ts";

/** Imports that are run again, stopped, or meet the writes of others. */
export const importReruns: StoreSection = section(
  "importing again",
  {
    "a rerun stores nothing and says what was there": async ({ open, port }) => {
      const revisions = notes(60);
      expect(await open().import(revisions)).toMatchObject({ events: 60, skipped: 0 });
      const again = await storesNothing(port, ids, () => open().import(revisions));
      expect(again).toEqual({
        documents: 3,
        revisions: 60,
        events: 0,
        unchanged: 0,
        skipped: 60,
        refused: 0,
        conflicts: [],
      });
    },

    "a rerun with more revisions takes in the new ones": async ({ open }) => {
      const store = open();
      await store.import(notes(60));
      for (const [one, length] of [
        [store, 90],
        [open(), 120],
      ] as const) {
        expect(await one.import(notes(length))).toMatchObject({ events: 30, skipped: length - 30 });
      }
      await expectWhole(open(), 120);
    },

    "a rerun with other revisions in their places is a conflict, and stores nothing": async ({
      open,
      port,
    }) => {
      const revision = (i: number, change: object = {}) => ({
        id: "a",
        at: new Date(start + i),
        by: "alice",
        state: order({ note: `${i}` }),
        ...change,
      });
      const revisions = [1, 2, 3].map((i) => revision(i));
      await open().import(revisions);
      const others: Record<string, readonly Revision<Order>[]> = {
        "another state": [
          revision(1),
          revision(2, { state: order({ note: "other" }) }),
          revision(3),
          revision(4),
        ],
        "another time": [revision(0, { state: order({ note: "1" }) }), ...revisions.slice(1), revision(4)],
        "another user": [revision(1), revision(2, { by: "bob" }), revision(3), revision(4)],
        "another reason": [revision(1), revision(2, { reason: "why not" }), revision(3), revision(4)],
        "a deletion": [revision(1), revision(2, { state: null }), revision(3), revision(4)],
        "one in between": [revision(1), revision(1), ...revisions.slice(1), revision(4)],
      };
      for (const [what, given] of Object.entries(others)) {
        const imported = await storesNothing(port, ["a"], () => open().import(given));
        expect({ what, codes: imported.conflicts.map(({ code }) => code) }).toEqual({
          what,
          codes: ["import_conflict"],
        });
      }
      expect(await open().import([...revisions, revision(4)])).toMatchObject({
        events: 1,
        skipped: 3,
        conflicts: [],
      });
    },

    "equal neighbours and deletions do not confuse a rerun": async ({ open, port }) => {
      const states = [order(), order(), null, null, order({ note: "x" }), order({ note: "x" }), null, null];
      const revisions = states.map((state, i) => ({ id: "a", at: new Date(start + i), by: "alice", state }));
      for (const length of [2, 4, 6, 8, 8]) {
        await open().import(revisions.slice(0, length));
        for (let i = 0; i < length; i++)
          expect(await open().stateAt("a", new Date(start + i))).toEqual(states[i] ?? undefined);
      }
      expect(await eventsIn(port, "a")).toHaveLength(4);
    },

    "an import that was stopped goes on where it stopped": async ({ open }) => {
      const revisions = notes(900);
      for (const stopAt of [1, 350, 700]) {
        const stop = new AbortController();
        const reason = new Error("enough for today");
        function* untilStopped(): Generator<Revision<Order>> {
          for (const [i, revision] of revisions.entries()) {
            if (i === stopAt) stop.abort(reason);
            yield revision;
          }
        }
        await expect(open().import(untilStopped(), { signal: stop.signal })).rejects.toBe(reason);
        const cold = open();
        for (const id of ids) expect(await cold.verify(id)).toMatchObject({ ok: true });
      }
      const last = await open().import(revisions);
      expect(last.events + last.skipped).toBe(900);
      expect(last.skipped).toBeGreaterThan(0);
      await expectWhole(open(), 900);
    },

    "documents with events of others are reported and passed by, all others taken in": async (bench) => {
      const store = bench.open();
      await store.create("b", "alice", order({ note: "mine" }));
      for (const one of [store, bench.open()]) {
        const imported = await storesNothing(bench.port, ["b"], () => one.import(notes(60)));
        expect(imported.conflicts).toHaveLength(1);
        expect(imported.conflicts[0]).toMatchObject({
          code: "import_conflict",
          details: { id: "b", version: 1 },
        });
        expect(imported.events + imported.skipped).toBe(40);
      }
      expect(await bench.open().get("a")).toMatchObject({ note: "57" });
    },

    "a document edited since its import is passed by, also where there is more to import": async (bench) => {
      const store = bench.open();
      await store.import(notes(30));
      await store.edit("c", "alice", (draft) => {
        draft.note = "edited since";
      });
      const again = await storesNothing(bench.port, ["c"], () => bench.open().import(notes(60)));
      expect(again).toMatchObject({ events: 20, skipped: 20 });
      expect(again.conflicts.map(({ details }) => details.id)).toEqual(["c"]);
      expect((await store.get("c"))?.note).toBe("edited since");
    },

    "an import of another name does not go on where the first stopped": async ({ open, port }) => {
      await open().import(notes(30), { name: "first" });
      const other = await storesNothing(port, ids, () => open().import(notes(60), { name: "second" }));
      expect(other).toMatchObject({ events: 0, skipped: 0 });
      expect(other.conflicts).toHaveLength(3);
      expect(await open().import(notes(60), { name: "first" })).toMatchObject({ events: 30, conflicts: [] });
    },
  },
  {
    "a source that fails keeps what was read, and is told that it can stop": async ({ open }) => {
      const broken = new Error("the file ends here");
      let closed = false;
      async function* source(): AsyncGenerator<Revision<Order>> {
        try {
          for (const [i, revision] of notes(40).entries()) {
            if (i === 30) throw broken;
            yield revision;
          }
        } finally {
          closed = true;
        }
      }
      const store = open();
      await expect(store.import(source())).rejects.toBe(broken);
      expect(closed).toBe(true);
      expect(await store.import(notes(40))).toMatchObject({ events: 10, skipped: 30 });
      await expectWhole(open(), 40);
    },

    "a revision out of order or from the future ends the import and names the revision": async (bench) => {
      const [first, second] = notes(2).map((revision) => ({ ...revision, id: "a" })) as [Rev, Rev];
      const late = { ...second, at: new Date(first.at.getTime() - 1) };
      const wrongs: readonly [Rev[], "import_order" | "import_future"][] = [
        [[first, late], "import_order"],
        [[first, { ...second, at: new Date(Number.NaN) }], "import_order"],
        [[first, { ...second, at: new Date(bench.clock.now + 1) }], "import_future"],
      ];
      for (const [i, [revisions, code]] of wrongs.entries()) {
        const store = bench.open({ collection: `wrong-${i}` });
        const error = await refused(store.import(revisions), code);
        expect(error.details).toMatchObject({ id: "a", revision: 2 });
        expect(await store.history("a").toArray()).toHaveLength(1);
        expect(await store.import([first, second])).toMatchObject({ events: 1, skipped: 1 });
      }
    },
  },
);
