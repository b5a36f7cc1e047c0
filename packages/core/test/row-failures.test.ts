// The list of documents on which a projection failed, where two of one process look at the same document at once.
import { createStore, defineProjection, type Notice } from "@everdraft/core";
import type { RowStore, Storage } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import { inspect, verify } from "@everdraft/core/upkeep";
import { expect, test } from "vitest";
import { wrappedMemory } from "./support/wrapped-memory.ts";

interface Note {
  readonly text: string;
}

const notes = defineProjection({
  name: "notes",
  version: 1,
  rows: ({ text }: Note) => {
    if (text === "poison") throw new Error("cannot be projected");
    return { text };
  },
});

/** A storage of which one read of rows, once it is asked for, is answered with what was there, but late. */
function withLateRead(): {
  storage: Storage<string>;
  holdNext: () => { asked: Promise<void>; answer: () => void };
} {
  const storage = memoryStorage() as unknown as Storage<string>;
  let hold: (() => Promise<void>) | undefined;
  const get =
    (rows: RowStore): RowStore["get"] =>
    async (...given) => {
      const found = await rows.get(...given);
      const held = hold;
      hold = undefined;
      await held?.();
      return found;
    };
  return {
    storage: {
      ...storage,
      open: async (...opening) => {
        const stored = await storage.open(...opening);
        const rows: typeof stored.rows = async (...given) => {
          const found = await stored.rows(...given);
          return { ...found, get: get(found) };
        };
        return { ...stored, rows };
      },
    },
    holdNext: () => {
      let answer: () => void = () => undefined;
      const answered = new Promise<void>((resolve) => {
        answer = resolve;
      });
      const asked = new Promise<void>((resolve) => {
        hold = () => {
          resolve();
          return answered;
        };
      });
      return { asked, answer };
    },
  };
}

test("a sweep that meets an older version late notes no failure of a document whose rows are newer by now", async () => {
  const { storage, holdNext } = withLateRead();
  const store = createStore<Note>({ collection: "c", storage, projections: [notes], sweep: false });
  await store.create("d", "alice", { text: "fine" });
  await store.replace("d", "alice", { text: "poison" });
  expect((await inspect(store)).failures).toMatchObject([{ doc: "d", version: 2 }]);
  const { asked, answer } = holdNext();
  const swept = store.sweep();
  await asked;
  await store.replace("d", "bob", { text: "fine again" });
  expect((await inspect(store)).failures).toEqual([]);
  answer();
  await swept;
  expect((await inspect(store)).failures).toEqual([]);
  expect(await store.rows(notes).of("d")).toMatchObject([{ version: 3, row: { text: "fine again" } }]);
  await store.close();
});

test("rows that their collection refuses are told of with reason and remedy by verify, and by repair as a notice", async () => {
  let refuses = true;
  const storage = wrappedMemory((opened) => ({
    rows: async (...given) => {
      const rows = await opened.rows(...given);
      return {
        ...rows,
        write: async (...writing) => (refuses ? "refused" : rows.write(...writing)),
        refusal: async () => ({
          reason: "the unique index one_n is in the way",
          remedy: "Drop it, then rebuild.",
        }),
      };
    },
  }));
  const told: Notice[] = [];
  const onNotice = (notice: Notice): void => void told.push(notice);
  const store = createStore<Note>({ collection: "c", storage, projections: [notes], sweep: false, onNotice });
  await store.create("d", "alice", { text: "fine" });
  const message = expect.stringMatching(
    /refuses them: the unique index one_n is in the way\..* Drop it, then rebuild\./,
  );
  const found: unknown[] = [];
  const onFinding = (finding: unknown): void => void found.push(finding);
  expect(await verify(store, { onFinding })).toMatchObject({ failures: 1 });
  expect(await verify(store, { repair: true, onFinding })).toMatchObject({ failures: 1, repaired: 0 });
  expect(await verify(store, { onFinding })).toMatchObject({ failures: 1 });
  const finding = { id: "d", version: 1, projection: "notes", kind: "failed", message };
  expect(found).toMatchObject([finding, finding, finding]);
  told.length = 0;
  expect(await store.repair("d")).toMatchObject({ version: 1 });
  expect(told).toMatchObject([{ type: "projection-failed", id: "d", cause: { message } }]);
  refuses = false;
  expect(await store.repair("d")).toMatchObject({ version: 1 });
  expect(await verify(store, { onFinding })).toMatchObject({ failures: 0 });
  expect(await store.rows(notes).of("d")).toMatchObject([{ version: 1 }]);
  await store.close();
});
