import { createStore, type Store } from "@everdraft/core";
import { workerMongo } from "@everdraft/test-server/vitest";
import type { Db } from "mongodb";
import { expect, test, vi } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { newDatabase } from "./support/database.ts";
import { startWriter } from "./support/processes.ts";

interface Log {
  readonly tokens: readonly string[];
}
const documents = ["d-0", "d-1", "d-2"];
const writer = (db: Db, name: string, count: number, ...rest: Parameters<typeof startWriter>[1][]) =>
  startWriter([workerMongo().uri, db.databaseName, name, String(count)], ...rest);

async function storeOn(db: Db): Promise<Store<Log>> {
  const store = createStore<Log>({ collection: "logs", storage: mongoStorage(db) });
  for (const id of documents) await store.create(id, "test", { tokens: [] });
  return store;
}

/** Every acknowledged token exactly once, histories whole, views equal to them. */
async function expectAllThere(store: Store<Log>, acknowledged: readonly string[]): Promise<void> {
  const found: string[] = [];
  for (const id of documents) {
    const { state } = (await store.read(id)) ?? {};
    expect(await store.verify(id)).toMatchObject({ ok: true });
    expect(await store.get(id)).toEqual(state);
    for (const token of state?.tokens ?? []) found.push(`${id} ${token}`);
  }
  expect(new Set(found).size).toBe(found.length);
  expect(acknowledged.filter((line) => !found.includes(line))).toEqual([]);
}

test("four processes write the same documents, and no update is lost or doubled", async () => {
  const db = newDatabase();
  const store = await storeOn(db);
  const writers = ["a", "b", "c", "d"].map((name) => writer(db, name, 30));
  expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
  const acknowledged = writers.flatMap(({ lines }) => lines);
  expect(acknowledged).toHaveLength(120);
  await expectAllThere(store, acknowledged);
  const versions = await Promise.all(documents.map(async (id) => (await store.read(id))?.version ?? 0));
  expect(versions.reduce((a, b) => a + b)).toBe(120 + documents.length);
  await store.close();
}, 600_000);

test("what killed processes had acknowledged is there, once", async () => {
  const db = newDatabase();
  const store = await storeOn(db);
  const acknowledged: string[] = [];
  for (const killAfter of [1, 7, 2, 15]) {
    const killed = writer(db, `k${killAfter}`, 100_000, (_, one) => {
      if (one.lines.length >= killAfter) one.kill();
    });
    const beside = writer(db, `b${killAfter}`, 6);
    expect(await killed.ended).toBe("SIGKILL");
    expect(await beside.ended).toBe(0);
    acknowledged.push(...killed.lines, ...beside.lines);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(4 * 6 + 25);
  // what a killed process had sent can still arrive, and then its view is behind until somebody reads
  await vi.waitFor(() => expectAllThere(store, acknowledged), { timeout: 60_000, interval: 500 });
  await store.close();
}, 600_000);
