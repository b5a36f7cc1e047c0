import { createStore, type Store } from "@everdraft/core";
import type { StoredEvent, View } from "@everdraft/core/adapter";
import { chainOf } from "@everdraft/testkit";
import type { Db, MongoClientOptions } from "mongodb";
import { describe, expect, onTestFinished, test } from "vitest";
import { types } from "../src/capabilities.ts";
import { mongoStorage } from "../src/index.ts";
import { appendOf, call } from "./support/build.ts";
import { failingServer } from "./support/own-server.ts";

const { fail, mend, apart, client } = failingServer();

let made = 0;
function databaseOf(options: MongoClientOptions = {}): Db {
  return client(options).db(`faults-${++made}`);
}

describe.each([true, false])("with retryWrites: %s", (retryWrites) => {
  async function opened() {
    const db = databaseOf({ retryWrites });
    const storage = mongoStorage(db);
    onTestFinished(() => storage.close());
    const store = createStore<{ n: number }>({ collection: "orders", storage });
    await store.create("o-1", "alice", { n: 1 });
    return { store, log: (await storage.open("orders", call)).log };
  }
  const edit = (store: Store<{ n: number }>) => store.edit("o-1", "bob", (draft) => void draft.n++);
  const twice = retryWrites ? 2 : 1;

  test.each([
    ["a connection that closes when the event is sent", { failCommands: ["insert"], closeConnection: true }],
    ["an election when the event is sent", { failCommands: ["insert"], errorCode: 10107 }],
    [
      "a write concern that fails after the event is stored",
      {
        failCommands: ["insert"],
        writeConcernError: { code: 64, errmsg: "waiting for replication timed out" },
      },
    ],
    ["a connection that closes when the view is sent", { failCommands: ["update"], closeConnection: true }],
    [
      "a write concern that fails after the view is stored",
      {
        failCommands: ["update"],
        writeConcernError: { code: 64, errmsg: "waiting for replication timed out" },
      },
    ],
    ["a view write that the server refuses for the moment", { failCommands: ["update"], errorCode: 189 }],
    [
      "a connection that closes when both are sent as one command",
      { failCommands: ["bulkWrite"], closeConnection: true },
    ],
    ["an election when both are sent as one command", { failCommands: ["bulkWrite"], errorCode: 10107 }],
    [
      "a write concern that fails after both are stored by one command",
      {
        failCommands: ["bulkWrite"],
        writeConcernError: { code: 64, errmsg: "waiting for replication timed out" },
      },
    ],
    ["a server that does not take both as one command", { failCommands: ["bulkWrite"], errorCode: 59 }],
    [
      "a command of both that is refused by a code that nobody knows",
      { failCommands: ["bulkWrite"], errorCode: 33_000_001 },
    ],
  ])("%s costs nothing and doubles nothing", async (_, data) => {
    const { store } = await opened();
    if (!data.failCommands.includes("bulkWrite")) await apart(() => edit(store));
    else await edit(store);
    await fail(data, { times: twice });
    expect(await edit(store)).toMatchObject({ version: 3, state: { n: 3 } });
    await mend();
    expect(await store.get("o-1")).toEqual({ n: 3 });
    expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 3 });
    await store.close();
  });

  test("what a command's answer does not tell is unknown, never refused", async () => {
    const { log } = await opened();
    for (const data of [
      { failCommands: ["insert"], closeConnection: true },
      { failCommands: ["insert"], writeConcernError: { code: 64, errmsg: "timed out" } },
    ]) {
      await fail(data, { times: twice });
      const outcomes = await log.commit([appendOf({ doc: "x" })], "independent", call);
      expect(outcomes.map(({ event }) => event)).toEqual(["unknown"]);
    }
  });

  test("nor is it where the events and their view are one command", async () => {
    const { log } = await opened();
    const [first, second] = chainOf("x", [{ n: 1 }, { n: 2 }], () => ({}), types).events;
    const view = appendOf({ doc: "x" }).view as View;
    for (const data of [
      { failCommands: ["bulkWrite"], closeConnection: true },
      { failCommands: ["bulkWrite"], errorCode: 189 },
      { failCommands: ["bulkWrite"], writeConcernError: { code: 64, errmsg: "timed out" } },
    ]) {
      await fail(data, { times: 1 });
      const appends = [
        { event: first as StoredEvent },
        { event: second as StoredEvent, view, before: "none" as const },
      ];
      const outcomes = await log.commit(appends, "chain", call);
      expect(outcomes.map(({ event }) => event)).toEqual(["unknown", "unknown"]);
    }
    // the last one was carried out
    expect((await log.head("x", 0, call))?.version).toBe(2);
  });

  test("a user who may not write is told so, and nothing is stored", async () => {
    const { log, store } = await opened();
    await fail({ failCommands: ["insert"], errorCode: 13 }, { times: 1 });
    const outcomes = await log.commit([appendOf({ doc: "x" })], "independent", call);
    expect(outcomes).toEqual([
      { event: "refused", error: expect.objectContaining({ code: "storage_read_only" }) },
    ]);
    await fail({ failCommands: ["insert", "bulkWrite"], errorCode: 13 });
    await expect(edit(store)).rejects.toMatchObject({ code: "storage_read_only" });
    await mend();
    expect(await log.head("x", 0, call)).toBeUndefined();
  });
});

test("transactions that the server refuses are told of when the store opens", async () => {
  const db = databaseOf();
  const storage = mongoStorage(db, { atomicViews: true });
  await fail({ failCommands: ["insert"], errorCode: 263 }, { times: 1 });
  await expect(storage.open("orders", call)).rejects.toMatchObject({
    code: "options",
    details: { option: "atomicViews", reason: expect.stringMatching(/refused a transaction/) },
  });
  await mend();
  await storage.open("orders", call);
  await storage.close();
});

test("a client that its owner closed is told by its own error", async () => {
  const db = databaseOf();
  const storage = mongoStorage(db);
  const { log } = await storage.open("orders", call);
  await db.client.close();
  await expect(log.head("a", 0, call)).rejects.toMatchObject({
    code: "closed",
    message: expect.stringMatching(/owner closed the client/),
  });
  const committed = log.commit([appendOf({ doc: "a" })], "independent", call);
  await expect(
    committed.then(([outcome]) => Promise.reject((outcome as { error: Error }).error)),
  ).rejects.toMatchObject({
    code: "closed",
  });
  await storage.close();
});

test("an aborted read ends with the reason of its signal", async () => {
  const db = databaseOf();
  const storage = mongoStorage(db);
  const { log } = await storage.open("orders", call);
  await fail({ failCommands: ["find"], blockConnection: true, blockTimeMS: 1_500 }, { times: 1 });
  const controller = new AbortController();
  const reading = log.head("a", 0, { timeoutMs: 5_000, signal: controller.signal });
  setTimeout(() => controller.abort("enough"), 100);
  await expect(reading).rejects.toBe("enough");
  await storage.close();
});

test("a state that BSON makes too large is refused before anything is sent", async () => {
  const db = databaseOf();
  const storage = mongoStorage(db);
  const { log } = await storage.open("orders", call);
  // a byte each in the canonical encoding, ten in BSON
  const flags = Array.from({ length: 2_000_000 }, () => true);
  const large = appendOf({ doc: "a", patches: [{ op: "replace", path: [], value: { flags } }] }, { flags });
  const outcomes = await log.commit([large, appendOf({ doc: "b" })], "independent", call);
  expect(outcomes).toEqual([
    { event: "refused", error: expect.objectContaining({ code: "too_large" }) },
    { event: "stored", view: "inserted" },
  ]);
  await storage.close();
});
