import type { Imported } from "@everdraft/core";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { holding } from "./holding-storage.ts";
import { killedAfterEvents } from "./killed-writer.ts";
import { type Order, order } from "./order.ts";
import { eventsIn, underWay } from "./refusals.ts";
import { expectWhole, ids, notes, type Rev, start } from "./revisions.ts";
import type { StoreSection } from "./store-bench.ts";
import { wrapStorage } from "./wrap-storage.ts";

/** Imports that meet other writers, and the remains of a crash. */
export const importRaces: StoreSection = section(
  "importing while others write",
  {
    "a document that is edited while the import runs is reported, and the edit stays": async (bench) => {
      const options = [{ collection: "same" }, { collection: "cacheless", cache: { maxBytes: 0 } }];
      for (const { store, editor } of [
        ...options.map((one) => ({ store: bench.open(one), editor: undefined })),
        { store: bench.open({ collection: "two" }), editor: bench.open({ collection: "two" }) },
      ]) {
        let [batches, edits] = [0, 0];
        // right after a batch was stored, and before anything waits for the next
        async function* source(): AsyncGenerator<Rev> {
          for (const revision of notes(900)) {
            if (batches === 2 && edits++ === 0) await (editor ?? store).edit("c", "alice", edited);
            yield revision;
          }
        }
        const imported = await store.import(source(), { onProgress: () => void batches++ });
        expect(imported.conflicts.map(({ details }) => details.id)).toEqual(["c"]);
        expect((await store.get("c"))?.note).toBe("edited meanwhile");
        expect((await store.history("c", { order: "newest", limit: 1 }).toArray())[0]?.type).toBe("edited");
        expect((await store.get("a"))?.note).toBe("897");
        for (const id of ids) expect(await store.verify(id)).toMatchObject({ ok: true });
      }
    },

    "two processes that run the same import at once store each revision once, and neither is in conflict":
      async ({ open, port }) => {
        const [one, two] = await Promise.all([open(), open()].map((store) => store.import(notes(600))));
        for (const imported of [one, two])
          expect(imported).toMatchObject({ revisions: 600, unchanged: 0, refused: 0, conflicts: [] });
        const events = (one?.events ?? 0) + (two?.events ?? 0);
        expect([events, (one?.skipped ?? 0) + (two?.skipped ?? 0)]).toEqual([600, 600]);
        await expectWhole(open(), 600);
        for (const id of ids) expect(await eventsIn(port, id)).toHaveLength(200);
      },

    "the same import twice at once in one store is stored once, and neither is in conflict": async (
      bench,
    ) => {
      for (const cache of [undefined, { maxBytes: 0 }]) {
        const collection = `cache-${cache?.maxBytes}`;
        const store = bench.open({ collection, ...(cache && { cache }) });
        // the second is behind the first by half a batch, so that they meet in the middle of each other's
        let given = 0;
        let second: Promise<Imported> | undefined;
        async function* source(): AsyncGenerator<Rev> {
          for (const revision of notes(450)) {
            if (given++ === 100) second = underWay(store.import(notes(450)));
            yield revision;
          }
        }
        const both = [await store.import(source()), await second];
        expect(both).toMatchObject([{ conflicts: [] }, { conflicts: [] }]);
        expect(both.reduce((sum, one) => sum + (one?.events ?? 0), 0)).toBe(450);
        await expectWhole(bench.open({ collection }), 450);
      }
    },

    "an import goes on behind another run of it that has taken its slots, and compares what is there": async (
      bench,
    ) => {
      const states = (changed: Readonly<Record<number, Partial<Rev>>> = {}): Rev[] =>
        Array.from({ length: 30 }, (_, i) => ({
          id: "a",
          at: new Date(start + i),
          by: "alice",
          state: order({ note: `${i}` }),
          ...changed[i],
        }));
      const runs: Readonly<Record<string, readonly [Rev[], Partial<Imported>, string[]]>> = {
        "the same": [states(), { events: 20, skipped: 10 }, []],
        "with one that is another": [
          states({ 7: { state: order({ note: "other" }) } }),
          { events: 0, skipped: 7 },
          ["import_conflict"],
        ],
        "with one that cannot be stored": [
          states({ 7: { by: "" }, 20: { by: "" } }),
          { events: 19, skipped: 9, refused: 2 },
          [],
        ],
      };
      for (const [collection, [given, result, conflicts]] of Object.entries(runs)) {
        const held = holding(bench.storage);
        const slow = bench.open({ collection, storage: held.storage });
        const arrived = held.holdNext();
        const importing = underWay(slow.import(given, { onRefused: "skip" }));
        await arrived;
        // ten of them, while the thirty of the other are on their way
        await bench.open({ collection }).import(states().slice(0, 10));
        held.release();
        const imported = await importing;
        expect({ collection, ...imported }).toMatchObject({ collection, ...result });
        expect(imported.conflicts.map(({ code }) => code)).toEqual(conflicts);
        const store = bench.open({ collection });
        expect(await store.verify("a")).toMatchObject({ ok: true, version: 10 + imported.events });
        if (conflicts.length > 0) continue;
        const again = await store.import(given, { onRefused: "skip" });
        expect(again).toMatchObject({ events: 0, refused: result.refused ?? 0, conflicts: [] });
      }
    },

    "an import that meets another one of another name in its slots is in conflict": async (bench) => {
      const held = holding(bench.storage);
      const arrived = held.holdNext();
      const importing = underWay(bench.open({ storage: held.storage }).import(notes(1)));
      await arrived;
      await bench.open().import(notes(1), { name: "other" });
      held.release();
      const { conflicts, events } = await importing;
      expect(events).toBe(0);
      expect(conflicts[0]?.message).toMatch(/the newest is of the import "other"/);
    },

    "a rerun brings forward the views that a crash left behind": async ({ open, storage }) => {
      const store = open({ storage: killedAfterEvents(storage) });
      await store.import(notes(30));
      await store.close();
      const next = open();
      expect(await next.import(notes(30))).toMatchObject({ events: 0, skipped: 30 });
      expect((await next.getMany(ids)).map((state) => state?.note)).toEqual(["27", "28", "29"]);
    },
  },
  {
    "an import and other writes of one document never share a commit of several documents": async (bench) => {
      const doubled: unknown[] = [];
      let together = 0;
      const storage = wrapStorage(bench.storage, ({ log }) => ({
        log: {
          commit: (appends, kind, call) => {
            const docs = appends.map(({ event }) => event.doc);
            if (kind === "independent" && new Set(docs).size < docs.length) doubled.push(docs);
            if (kind === "independent" && docs.length > 1) together++;
            return log.commit(appends, kind, call);
          },
        },
      }));
      const store = bench.open({ storage });
      const all = Array.from({ length: 20 }, (_, i) => `both-${i}`);
      const revisions = all.map((id) => ({ id, at: new Date(1_000), by: "importer", state: order() }));
      await Promise.allSettled([
        store.import(revisions),
        ...all.map((id) => store.create(id, "alice", order())),
      ]);
      expect(doubled).toEqual([]);
      expect(together).toBeGreaterThan(0);
      for (const id of all) expect(await store.verify(id)).toMatchObject({ ok: true });
    },

    "an import and other writes of its documents at once never send two events of one document together":
      async (bench) => {
        const underWay = new Set<unknown>();
        const doubled: unknown[] = [];
        const storage = wrapStorage(bench.storage, ({ log }) => ({
          log: {
            commit: async (appends, kind, call) => {
              const docs = appends.map(({ event }) => event.doc);
              const own = kind === "chain" ? docs.slice(0, 1) : docs;
              for (const doc of own) {
                if (underWay.has(doc)) doubled.push(doc);
                underWay.add(doc);
              }
              // longer than a turn, so that others have time to send theirs
              await new Promise((resolve) => setImmediate(resolve));
              const outcomes = await log.commit(appends, kind, call);
              for (const doc of own) underWay.delete(doc);
              return outcomes;
            },
          },
        }));
        for (const cache of [undefined, { maxBytes: 0 }]) {
          const collection = `cache-${cache?.maxBytes}`;
          const store = bench.open({ collection, storage, ...(cache && { cache }) });
          const revisions = Array.from({ length: 20 }, (_, i) => ({ ...(notes(1)[0] as Rev), id: `d-${i}` }));
          const all = revisions.map(({ id }) => id);
          const writing = (): Promise<unknown>[] =>
            all.map((id) => store.create(id, "alice", order({ note: "mine" })).catch(() => undefined));
          const imports = [store.import(revisions), store.import(revisions, { name: "other" })];
          await Promise.all([...writing(), ...imports, ...writing()]);
          let given = 0;
          const edits: Promise<unknown>[] = [];
          async function* source(): AsyncGenerator<Rev> {
            for (const revision of notes(600)) {
              // while the first batch is on its way, and after it
              if (given++ % 50 === 49)
                edits.push(...ids.map((id) => store.create(id, "bob", order()).catch(() => undefined)));
              yield revision;
            }
          }
          await store.import(source());
          await Promise.all(edits);
          for (const id of [...all, ...ids]) expect(await store.verify(id)).toMatchObject({ ok: true });
        }
        expect(doubled).toEqual([]);
      },

    "an import reads the head of a new document once before it stores it": async (bench) => {
      const heads = new Map<unknown, number>();
      const stored = new Set<unknown>();
      const storage = wrapStorage(bench.storage, ({ log }) => ({
        log: {
          head: (doc, known, call) => {
            if (!stored.has(doc)) heads.set(doc, (heads.get(doc) ?? 0) + 1);
            return log.head(doc, known, call);
          },
          commit: (appends, kind, call) => {
            for (const { event } of appends) stored.add(event.doc);
            return log.commit(appends, kind, call);
          },
        },
      }));
      expect(await bench.open({ storage }).import(notes(60))).toMatchObject({ events: 60 });
      expect([...heads]).toEqual(ids.map((id) => [id, 1]));
    },
  },
);

function edited(draft: Order): void {
  draft.note = "edited meanwhile";
}
