// What a mark is worth: where the log is not the one that it was made of, and where notes of imports are gone.
import { expect, test } from "vitest";
import { memoryStorage } from "../src/memory/memory-storage.ts";
import type { Storage } from "../src/port/storage.ts";
import { createStore } from "../src/store/create-store.ts";

const day = 24 * 60 * 60 * 1_000;
const call = { timeoutMs: 1_000 };
const at = new Date(Date.UTC(2001, 0, 1));
const long = (n: number) => ({ id: `i-${n}`, at, by: "alice", state: { n } });

/** A memory storage that keeps its order of storing to itself. */
function unordered(): Storage<string> {
  const storage = memoryStorage();
  return {
    ...storage,
    open: async (...given) => {
      const opened = await storage.open(...given);
      const { positions: _, ...log } = opened.log;
      return { ...opened, log };
    },
  };
}

function made(storage: Storage<string>, clock: { now: number }) {
  return createStore<{ n: number }>({ collection: "c", storage, clock: () => clock.now });
}

test("a mark whose place holds another event, or none, tells nothing: all documents are looked at", async () => {
  const storage = memoryStorage();
  const clock = { now: Date.UTC(2026, 0, 1) };
  const store = made(storage, clock);
  for (const id of ["a", "b", "c"]) await store.create(id, "alice", { n: 1 });
  await store.sweep();
  expect(await store.sweep()).toEqual({ checked: 0, broughtForward: 0 });
  const { checkpoints } = await storage.open("c", call);
  const mark = await checkpoints.get("sweep", call);
  expect(mark).toMatchObject({ last: { position: 3, doc: "c", version: 1 } });
  for (const last of [
    { position: 3, doc: "b", version: 1 },
    { position: 3, doc: "c", version: 2 },
    { position: 9, doc: "c", version: 1 },
    { position: 3 },
    "none",
  ]) {
    await checkpoints.put("sweep", { ...mark, last }, call);
    expect(await store.sweep()).toEqual({ checked: 3, broughtForward: 0 });
    expect(await store.sweep()).toEqual({ checked: 0, broughtForward: 0 });
  }
});

test("notes of imports are kept for a week, and who has not looked since then looks at all documents", async () => {
  const storage = unordered();
  const clock = { now: Date.UTC(2026, 0, 1) };
  const store = made(storage, clock);
  await store.create("a", "alice", { n: 1 });
  clock.now += day;
  await store.sweep();
  await store.import([long(1), long(2)]);
  const { checkpoints } = await storage.open("c", call);
  const notes = () => checkpoints.list("imported:", { limit: 10 }, call);
  expect(await notes()).toMatchObject([{ value: { docs: ["i-1", "i-2"] } }]);
  const mark = await checkpoints.get("sweep", call);
  clock.now += day;
  expect(await store.sweep()).toMatchObject({ checked: 2 });
  clock.now += 7 * day;
  await store.import([long(3)]);
  expect(await store.sweep()).toMatchObject({ checked: 1 });
  expect(await notes()).toMatchObject([{ value: { docs: ["i-3"] } }]);
  // as of a store that was not there all the time
  await checkpoints.put("sweep", { ...mark }, call);
  expect(await store.sweep()).toMatchObject({ checked: 4 });
  expect(await store.sweep()).toMatchObject({ checked: 1 });
});

test("an import on a storage that knows the order of storing leaves no notes", async () => {
  const storage = memoryStorage();
  await made(storage, { now: Date.UTC(2026, 0, 1) }).import([long(1)]);
  const { checkpoints } = await storage.open("c", call);
  expect(await checkpoints.list("imported:", { limit: 10 }, call)).toEqual([]);
});
