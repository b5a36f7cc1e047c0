import type { Imported, ImportProgress, Revision } from "@everdraft/core";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { linesOf, type Order, order } from "./order.ts";
import { eventsIn, refused } from "./refusals.ts";
import type { StoreSection } from "./store-bench.ts";

const start = Date.UTC(2020, 0, 1);
const at = (second: number): Date => new Date(start + second * 1000);
const rev = (
  id: string,
  second: number,
  state: Order | null,
  more: Partial<Revision<Order>> = {},
): Revision<Order> => ({ id, at: at(second), by: `user-${second % 3}`, state, ...more });

/** Histories taken in from elsewhere. */
export const imports: StoreSection = section(
  "importing",
  {
    "each revision becomes an event with its own time, user, reason and meta": async ({ open, clock }) => {
      const store = open();
      const revisions = [
        rev("o-1", 1, order(), { reason: "first", meta: { source: "a" } }),
        rev("o-1", 2, order({ placed: new Date(5), mark: Uint8Array.of(1) }), { reason: "second" }),
        rev("o-1", 9, order({ lines: linesOf("A", "B") })),
      ];
      const imported = await store.import(revisions);
      expect(imported).toEqual({
        documents: 1,
        revisions: 3,
        events: 3,
        unchanged: 0,
        skipped: 0,
        refused: 0,
        conflicts: [],
      } satisfies Imported);
      const events = await open().history("o-1").toArray();
      expect(events.map(({ type, version }) => [type, version])).toEqual([
        ["imported", 1],
        ["imported", 2],
        ["imported", 3],
      ]);
      for (const [i, { at, by, state, reason, meta }] of revisions.entries()) {
        expect(events[i]).toMatchObject({ at, by, meta: { ...meta, import: { at: new Date(clock.now) } } });
        expect(events[i]?.reason).toBe(reason);
        expect(await open().stateAt("o-1", { version: i + 1 })).toEqual(state);
        expect(await store.read("o-1", at)).toMatchObject({ version: i + 1, at, by, state });
      }
      expect(await store.get("o-1")).toEqual(order({ lines: linesOf("A", "B") }));
      expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 3 });
    },

    "null is a deletion, and a later state brings the document back": async ({ open }) => {
      const store = open();
      const states = [order(), null, order({ note: "back" }), null, null, order({ note: "again" }), null];
      const imported = await store.import(states.map((state, i) => rev("o-1", i, state)));
      expect(imported).toMatchObject({ revisions: 7, events: 6, unchanged: 1 });
      const cold = open();
      for (const [i, state] of states.entries())
        expect(await cold.stateAt("o-1", at(i))).toEqual(state ?? undefined);
      expect(await cold.get("o-1")).toBeUndefined();
      expect(await cold.read("o-1")).toBeUndefined();
      expect((await cold.restore("o-1", "alice")).state).toEqual(order({ note: "again" }));
    },

    "revisions equal to the one before make no event": async ({ open }) => {
      const store = open();
      const notes = ["a", "a", "b", "b", "b", "a"];
      const imported = await store.import([
        rev("o-0", 0, null),
        ...notes.map((note, i) => rev("o-1", i, order({ note }))),
      ]);
      expect(imported).toMatchObject({ documents: 2, revisions: 7, events: 3, unchanged: 4, skipped: 0 });
      expect(await store.history("o-0").toArray()).toEqual([]);
      expect((await store.history("o-1").toArray()).map((event) => event.at)).toEqual([at(0), at(2), at(5)]);
    },

    "documents may come interleaved, from an iterable or an async one": async ({ open, clock }) => {
      const ids = ["a", "b", "c", "d"];
      const revisions = Array.from({ length: 900 }, (_, i) =>
        rev(ids[(i * 7) % 4] as string, i, order({ note: `${i}`, lines: linesOf(`${i % 5}`) })),
      );
      async function* feed(): AsyncGenerator<Revision<Order>> {
        for (const revision of revisions) yield Promise.resolve(revision);
      }
      for (const [collection, source] of Object.entries({ list: revisions, feed: feed() })) {
        const store = open({ collection });
        expect(await store.import(source)).toMatchObject({ documents: 4, revisions: 900, events: 900 });
        const cold = open({ collection });
        for (const [i, { id, at: date, state, by }] of revisions.entries()) {
          if (i % 13 !== 0) continue;
          expect(await cold.read(id, date)).toMatchObject({ at: date, by, state });
        }
        expect(await cold.count()).toBe(4);
        for (const id of ids) expect(await cold.verify(id)).toMatchObject({ ok: true, version: 225 });
      }
      expect(clock.now).toBeGreaterThan(at(900).getTime());
    },

    "equal times are kept, and the last revision of a time is its answer": async ({ open }) => {
      const store = open();
      await store.import(["a", "b", "c"].map((note) => rev("o-1", 5, order({ note }))));
      expect((await store.history("o-1").toArray()).map((event) => event.at)).toEqual([at(5), at(5), at(5)]);
      expect((await store.stateAt("o-1", at(5)))?.note).toBe("c");
      expect(await store.stateAt("o-1", new Date(at(5).getTime() - 1))).toBeUndefined();
    },

    "an imported document is a document as any other": async ({ open, clock }) => {
      const store = open();
      await store.import(["a", "b"].map((note, i) => rev("o-1", i, order({ note }))));
      for (const one of [store, open()]) {
        const edited = await one.edit("o-1", "alice", (draft) => void draft.lines.push({ id: "A", qty: 1 }));
        expect(edited).toMatchObject({ at: new Date(clock.now), changed: true });
      }
      expect(await store.revert("o-1", "alice", at(0))).toMatchObject({
        version: 5,
        state: order({ note: "a" }),
      });
      await refused(store.create("o-1", "alice", order()), "exists");
      await store.delete("o-1", "alice");
      expect((await open().restore("o-1", "alice")).state).toEqual(order({ note: "a" }));
      expect(await store.find({ note: "a" }).toArray()).toHaveLength(1);
      expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 7 });
    },
  },
  {
    "progress is told as it goes, and at the end": async ({ open }) => {
      const told: ImportProgress[] = [];
      const revisions = Array.from({ length: 1200 }, (_, i) => rev(`o-${i % 3}`, i, order({ note: `${i}` })));
      const imported = await open().import(revisions, { onProgress: (progress) => void told.push(progress) });
      const { conflicts, ...last } = imported;
      expect(conflicts).toEqual([]);
      expect(told.length).toBeGreaterThan(2);
      expect(told.at(-1)).toEqual(last);
      const events = told.map((one) => one.events);
      expect(events).toEqual(events.toSorted((a, b) => a - b));
      expect(last).toEqual({
        documents: 3,
        revisions: 1200,
        events: 1200,
        unchanged: 0,
        skipped: 0,
        refused: 0,
      });
    },

    "what the caller hands over can be changed afterwards": async ({ open }) => {
      const shared = { id: "o-1", at: at(0), by: "alice", state: order({ note: "0", placed: new Date(5) }) };
      function* reused(): Generator<Revision<Order>> {
        for (let i = 0; i < 5; i++) {
          shared.state.note = `${i}`;
          shared.state.placed?.setTime(i);
          shared.at.setTime(at(i).getTime());
          yield shared;
        }
      }
      const store = open();
      expect(await store.import(reused())).toMatchObject({ events: 5 });
      for (let i = 0; i < 5; i++)
        expect(await store.stateAt("o-1", at(i))).toEqual(order({ note: `${i}`, placed: new Date(i) }));
      expect(Object.isFrozen(shared.state)).toBe(false);
    },

    "no revisions are no import": async ({ open, port }) => {
      expect(await open().import([])).toEqual({
        documents: 0,
        revisions: 0,
        events: 0,
        unchanged: 0,
        skipped: 0,
        refused: 0,
        conflicts: [],
      });
      expect(await eventsIn(port, "o-1")).toEqual([]);
    },
  },
);
