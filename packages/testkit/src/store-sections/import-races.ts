import { expect } from "vitest";
import { type Order, order } from "./order.ts";
import { eventsIn } from "./refusals.ts";
import { expectWhole, ids, notes, type Rev } from "./revisions.ts";
import { type StoreSection, storeSection } from "./store-section.ts";
import { wrapStorage } from "./wrap-storage.ts";

/** Imports that meet other writers, and what a crash left behind. */
export const importRaces: StoreSection = storeSection("importing while others write", {
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

  "two processes that run the same import at once store each revision once": async ({ open, port }) => {
    const stores = [open(), open()];
    const results = await Promise.allSettled(stores.map((store) => store.import(notes(600))));
    for (const one of results) if (one.status === "rejected") throw one.reason;
    await open().import(notes(600));
    await expectWhole(open(), 600);
    for (const id of ids) expect(await eventsIn(port, id)).toHaveLength(200);
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

  "a rerun brings forward the views that a crash left behind": async ({ open, storage }) => {
    // as of a process that ends after its events and before its views
    const crashing = wrapStorage(
      storage,
      ({ log }) => ({
        log: {
          commit: async (appends, kind, call) => {
            const outcomes = await log.commit(
              appends.map(({ event }) => ({ event })),
              kind,
              call,
            );
            return outcomes.map((one) => (one.event === "stored" ? { ...one, view: "behind" } : one));
          },
        },
        views: { write: async () => "behind" },
      }),
      { atomic: false },
    );
    const store = open({ storage: crashing });
    await store.import(notes(30));
    await store.close();
    const next = open();
    expect(await next.import(notes(30))).toMatchObject({ events: 0, skipped: 30 });
    expect((await next.getMany(ids)).map((state) => state?.note)).toEqual(["27", "28", "29"]);
  },
});

function edited(draft: Order): void {
  draft.note = "edited meanwhile";
}
