import { createStore, type Store } from "@everdraft/core";
import { expect, test } from "vitest";
import { newPath, storageAt } from "./support/fixtures.ts";
import { startWriter } from "./support/processes.ts";

interface Log {
  readonly tokens: readonly string[];
}
const documents = ["d-0", "d-1", "d-2"];

async function storeWithDocuments(file: string): Promise<Store<Log>> {
  const store = createStore<Log>({ collection: "logs", storage: storageAt(file) });
  for (const id of documents) await store.create(id, "test", { tokens: [] });
  return store;
}

/** Every acknowledged token exactly once, histories whole, views equal to them. */
async function expectAllThere(store: Store<Log>, acknowledged: readonly string[]): Promise<void> {
  const found: string[] = [];
  for (const id of documents) {
    const view = await store.get(id);
    expect(await store.verify(id)).toMatchObject({ ok: true });
    expect(view).toEqual((await store.read(id))?.state);
    for (const token of view?.tokens ?? []) found.push(`${id} ${token}`);
  }
  expect(new Set(found).size).toBe(found.length);
  expect(acknowledged.filter((line) => !found.includes(line))).toEqual([]);
}

test("four processes write the same documents, and no update is lost or doubled", {
  timeout: 60_000,
}, async () => {
  const file = newPath();
  const store = await storeWithDocuments(file);
  const writers = ["a", "b", "c", "d"].map((name) => startWriter([file, "append", name, "60"]));
  expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
  const acknowledged = writers.flatMap(({ lines }) => lines);
  expect(acknowledged).toHaveLength(240);
  await expectAllThere(store, acknowledged);
  const versions = await Promise.all(documents.map(async (id) => (await store.read(id))?.version ?? 0));
  expect(versions.reduce((a, b) => a + b)).toBe(240 + documents.length);
});

test("what a killed process had acknowledged is there, once, and the file goes on working", {
  timeout: 60_000,
}, async () => {
  const file = newPath();
  const store = await storeWithDocuments(file);
  const acknowledged: string[] = [];
  for (const killAfter of [1, 7, 2, 19, 33, 4]) {
    const name = `k${killAfter}`;
    const killed = startWriter([file, "append", name, "100000"], (_, writer) => {
      if (writer.lines.length >= killAfter) writer.kill();
    });
    const beside = startWriter([file, "append", `b${killAfter}`, "15"]);
    expect(await killed.ended).toBe("SIGKILL");
    expect(await beside.ended).toBe(0);
    acknowledged.push(...killed.lines, ...beside.lines);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(6 * 15 + 66);
  await expectAllThere(store, acknowledged);
  await store.edit("d-0", "test", (draft) => {
    draft.tokens.push("after");
  });
});

test("an import that was killed goes on where it stopped, and ends as if it had not been", {
  timeout: 60_000,
}, async () => {
  const file = newPath();
  const count = 3_000;
  const killed = startWriter([file, "import", "killed", String(count)], (_, writer) => writer.kill());
  expect(await killed.ended).toBe("SIGKILL");
  const again = startWriter([file, "import", "again", String(count)]);
  expect(await again.ended).toBe(0);
  const stored = Number(again.lines.at(-1)?.split(" ")[1]);
  expect(stored).toBeGreaterThan(0);
  expect(stored).toBeLessThan(count);
  const store = createStore<{ n: number }>({ collection: "logs", storage: storageAt(file) });
  let events = 0;
  for (let d = 0; d < 7; d++) {
    const id = `i-${d}`;
    const history = await store.history(id).toArray();
    events += history.length;
    expect(history.map(({ version }) => version)).toEqual(history.map((_, i) => i + 1));
    expect(await store.verify(id)).toMatchObject({ ok: true });
    expect((await store.get(id))?.n).toBe(d === 0 ? 2_996 : 2_996 - 7 + d + (d <= 4 ? 7 : 0));
  }
  expect(events).toBe(count);
});
