// SQLite makes no value above 1,000,000,000 bytes, and records and states that are read as one value may weigh more.
import { createStore } from "@everdraft/core";
import { type StoreFinding, verify } from "@everdraft/core/upkeep";
import { expect, onTestFinished, test, vi } from "vitest";
import { databaseOn } from "../src/engine/database.ts";
import { loadEngine } from "../src/engine/engine.ts";
import { recordReader } from "../src/log/record-reader.ts";
import { tableNames } from "../src/tables.ts";
import { call, newPath, rawAt, storageAt } from "./support/fixtures.ts";
import { statementWith, withStatements } from "./support/watched-engine.ts";

vi.setConfig({ testTimeout: 60_000 });

interface Task {
  title: string;
  due: number;
}

/** Joins that were refused, by their table's column. */
const refused: string[] = [];

/** The engine, as it is where everything that is read as one value is too big for it. Its error is the one that is seen of it. */
const engineWithoutJoins = () =>
  withStatements((sql, statement) => {
    const [, column] = /group_concat\((record|v\.state)/.exec(sql) ?? [];
    if (column === undefined) return statement;
    // those of `all` are read together only where they are light
    return statementWith(statement, {
      get: () => {
        refused.push(column);
        throw Object.assign(new Error("string or blob too big"), { code: "ERR_SQLITE_ERROR", errcode: 18 });
      },
    });
  });

async function heavyStore() {
  await engineWithoutJoins();
  refused.splice(0);
  const path = newPath();
  const storage = storageAt(path);
  const store = createStore<Task>({
    collection: "tasks",
    storage,
    cache: { maxBytes: 0 },
    indexes: [{ keys: { due: 1 } }],
  });
  onTestFinished(() => store.close());
  for (let due = 1; due <= 20; due++) await store.create(`t-${due}`, "alice", { title: "new", due });
  for (let n = 1; n <= 10; n++)
    await store.edit("t-1", "bob", (draft) => {
      draft.title = `edit ${n}`;
    });
  return { path, store };
}

test("the past of a document is read where its records are too big for one value", async () => {
  const { store } = await heavyStore();
  expect(await store.stateAt("t-1", { version: 6 })).toEqual({ title: "edit 5", due: 1 });
  expect(await store.stateAt("t-1", { version: 11 })).toEqual({ title: "edit 10", due: 1 });
  expect(await store.stateAt("t-none", new Date())).toBeUndefined();
  expect(new Set(refused)).toEqual(new Set(["record"]));
});

test("records that are too heavy to be held at once are given in several pages", async () => {
  const { path } = await heavyStore();
  const engine = await loadEngine();
  const connection = new engine.DatabaseSync(path);
  onTestFinished(() => connection.close());
  const database = databaseOn(engine, connection);
  const reader = recordReader(database, tableNames("tasks"), 1_000);
  const whole = database.prepare<{ record: Uint8Array }>(
    `SELECT record FROM "tasks.events" WHERE doc = 't-1' ORDER BY version`,
  );
  const steps = { attempt: async <R>(work: () => R) => work(), pause: async () => {} };
  const read: Uint8Array[] = [];
  for (let isCut = true; isCut; ) {
    const page = await reader.range("t-1", { from: read.length + 1, to: 11, limit: 256 }, steps);
    expect(page.ends.length === 2 || (page.ends.at(-1) ?? 0) <= 1_000).toBe(true);
    for (const [i, end] of page.ends.entries())
      read.push(Uint8Array.from(page.bytes.subarray(page.ends[i - 1] ?? 0, end)));
    isCut = page.isCut === true;
    expect(isCut).toBe(read.length < 11);
  }
  expect(read).toEqual(whole.all().map(({ record }) => Uint8Array.from(record)));
  const nothing = await reader.range("t-none", { from: 1, to: 11, limit: 256 }, steps);
  expect(nothing).toMatchObject({ ends: [], isCut: false });
});

test("verify checks a history whose records are too big for one value, and names a column that differs", async () => {
  const { path, store } = await heavyStore();
  expect(await store.verify("t-1")).toMatchObject({ ok: true, version: 11, findings: [] });
  expect(await verify(store)).toMatchObject({ documents: 20, failures: 0 });
  rawAt(path).exec(`UPDATE "tasks.events" SET "by" = 'carol' WHERE doc = 't-1' AND version = 4`);
  const finding = { kind: "event", version: 4, message: expect.stringContaining('its column "by"') };
  expect(await store.verify("t-1")).toMatchObject({ ok: false, findings: [finding] });
  const found: StoreFinding[] = [];
  await verify(store, { onFinding: (one) => found.push(one) });
  expect(found).toMatchObject([{ id: "t-1", ...finding }]);
  expect(new Set(refused)).toEqual(new Set(["record"]));
});

test("a find by an index gives documents whose states are too big for one value", async () => {
  const { store } = await heavyStore();
  const find = { due: { $gt: 5, $lt: 10 } };
  expect((await store.explain(find)).kind).toBe("index");
  const ids = (await store.find(find, { sort: { due: -1 } }).toArray()).map(({ id }) => id);
  expect(ids).toEqual(["t-9", "t-8", "t-7", "t-6"]);
  await store.delete("t-7", "bob");
  expect((await store.find(find).toArray()).map(({ id }) => id)).toEqual(["t-6", "t-8", "t-9"]);
  expect(new Set(refused)).toEqual(new Set(["v.state"]));
});

test("histories are read together only as far as they are light", async () => {
  const path = newPath();
  const storage = storageAt(path);
  const store = createStore<Task>({ collection: "tasks", storage });
  onTestFinished(() => store.close());
  const ids = Array.from({ length: 40 }, (_, i) => `t-${i}`);
  await Promise.all(ids.map((id, due) => store.create(id, "alice", { title: "n".repeat(900_000), due })));
  await store.edit("t-3", "bob", (draft) => {
    draft.title = "e".repeat(200_000);
  });
  const { log } = await storage.open("tasks", call);
  for (const compare of [false, true]) {
    const read =
      (await log.readMany?.([...ids, "t-none"], { compare }, call)) ?? expect.fail("it reads them");
    const bytes = read.map((records) => records?.bytes.length ?? 0);
    expect(bytes.reduce((sum, length) => sum + length, 0)).toBeLessThan(32 * 1024 * 1024);
    // one is too heavy by itself, those at the end have no room any more, and others need none
    expect(bytes.map((length) => length > 0)).toEqual([...ids.map((_, i) => i !== 3 && i < 38), false]);
    expect(read.map((records) => records !== undefined)).toEqual([
      ...ids.map((_, i) => i !== 3 && i < 38),
      true,
    ]);
  }
  expect(await verify(store)).toMatchObject({ documents: 40, failures: 0 });
});
