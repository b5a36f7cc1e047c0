import { expect } from "vitest";
import type { Order } from "./order.ts";
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
