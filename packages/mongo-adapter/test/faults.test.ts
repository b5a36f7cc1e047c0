import { createStore } from "@everdraft/core";
import { findProgram, type OwnServer, startServer } from "@everdraft/test-server";
import { MongoClient, type MongoClientOptions } from "mongodb";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { appendOf, call } from "./support/build.ts";
import { watch, watchable } from "./support/watch.ts";

// a server of its own: a failpoint strikes whatever command comes next
let server: OwnServer;
let admin: MongoClient;
beforeAll(async () => {
  server = await startServer(await findProgram());
  admin = new MongoClient(server.uri);
}, 120_000);
afterAll(async () => {
  await admin?.close();
  await server?.stop();
});
afterEach(() => failing("off"));

async function failing(mode: "off" | { readonly times: number }, data: object = {}): Promise<void> {
  await admin
    .db("admin")
    .command({ configureFailPoint: "failCommand", mode, ...(mode !== "off" && { data }) });
}

let made = 0;
function clientOf(options: MongoClientOptions = {}) {
  const client = watch(
    new MongoClient(server.uri, { serverSelectionTimeoutMS: 2_000, ...options, ...watchable }),
  );
  onTestFinished(() => client.close());
  return { client, db: client.db(`faults-${++made}`) };
}

describe.each([true, false])("with retryWrites: %s", (retryWrites) => {
  async function opened() {
    const { db } = clientOf({ retryWrites });
    const storage = mongoStorage(db);
    onTestFinished(() => storage.close());
    const store = createStore<{ n: number }>({ collection: "orders", storage });
    await store.create("o-1", "alice", { n: 1 });
    return { store, log: (await storage.open("orders", call)).log };
  }
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
  ])("%s costs nothing and doubles nothing", async (_, data) => {
    const { store } = await opened();
    await failing({ times: twice }, data);
    const edited = await store.edit("o-1", "bob", (draft) => void draft.n++);
    expect(edited).toMatchObject({ version: 2, state: { n: 2 } });
    await failing("off");
    expect(await store.get("o-1")).toEqual({ n: 2 });
    expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 2 });
    await store.close();
  });

  test("what a command's answer does not tell is unknown, never refused", async () => {
    const { log } = await opened();
    for (const data of [
      { failCommands: ["insert"], closeConnection: true },
      { failCommands: ["insert"], writeConcernError: { code: 64, errmsg: "timed out" } },
    ]) {
      await failing({ times: twice }, data);
      const outcomes = await log.commit([appendOf({ doc: "x" })], "independent", call);
      expect(outcomes.map(({ event }) => event)).toEqual(["unknown"]);
    }
  });

  test("a user who may not write is told so, and nothing is stored", async () => {
    const { log, store } = await opened();
    await failing({ times: 1 }, { failCommands: ["insert"], errorCode: 13 });
    const outcomes = await log.commit([appendOf({ doc: "x" })], "independent", call);
    expect(outcomes).toEqual([
      { event: "refused", error: expect.objectContaining({ code: "storage_read_only" }) },
    ]);
    await failing({ times: 1 }, { failCommands: ["insert"], errorCode: 13 });
    await expect(store.edit("o-1", "bob", (draft) => void draft.n++)).rejects.toMatchObject({
      code: "storage_read_only",
    });
    expect(await log.head("x", 0, call)).toBeUndefined();
  });
});

test("a user who may not make indexes gets the command for who may", async () => {
  const { db } = clientOf();
  const storage = mongoStorage(db);
  await failing({ times: 4 }, { failCommands: ["createIndexes"], errorCode: 13 });
  await expect(storage.open("orders", call)).rejects.toMatchObject({
    code: "storage",
    message: expect.stringMatching(
      /Hand this to who may: db\.getCollection\("orders\.(events|snapshots)"\)\.createIndex/,
    ),
  });
  await failing("off");
  await storage.open("orders", call);
  await storage.close();
});

test("transactions that the server refuses are told of when the store opens", async () => {
  const { db } = clientOf();
  const storage = mongoStorage(db, { atomicViews: true });
  await failing({ times: 1 }, { failCommands: ["insert"], errorCode: 263 });
  await expect(storage.open("orders", call)).rejects.toMatchObject({
    code: "options",
    details: { option: "atomicViews", reason: expect.stringMatching(/refused a transaction/) },
  });
  await failing("off");
  await storage.open("orders", call);
  await storage.close();
});

test("a server that is not there is an error with a remedy, in time", async () => {
  const client = new MongoClient("mongodb://127.0.0.1:9/?directConnection=true", {
    serverSelectionTimeoutMS: 400,
  });
  onTestFinished(() => client.close());
  const storage = mongoStorage(client.db("x"));
  const startedAt = performance.now();
  await expect(storage.open("orders", { timeoutMs: 5_000 })).rejects.toMatchObject({
    code: "storage",
    message: expect.stringMatching(/can be reached/),
  });
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  await storage.close();
});

test("a client that its owner closed is told by its own error", async () => {
  const { client, db } = clientOf();
  const storage = mongoStorage(db);
  const { log } = await storage.open("orders", call);
  await client.close();
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

test("a call ends in its time while the server is silent", async () => {
  const { db } = clientOf({ retryReads: false });
  const storage = mongoStorage(db);
  const { log } = await storage.open("orders", call);
  await failing({ times: 1 }, { failCommands: ["find"], blockConnection: true, blockTimeMS: 3_000 });
  const startedAt = performance.now();
  await expect(log.head("a", 0, { timeoutMs: 300 })).rejects.toMatchObject({ code: "timeout" });
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  await storage.close();
});

test("an aborted read ends with the reason of its signal", async () => {
  const { db } = clientOf();
  const storage = mongoStorage(db);
  const { log } = await storage.open("orders", call);
  await failing({ times: 1 }, { failCommands: ["find"], blockConnection: true, blockTimeMS: 1_500 });
  const controller = new AbortController();
  const reading = log.head("a", 0, { timeoutMs: 5_000, signal: controller.signal });
  setTimeout(() => controller.abort("enough"), 100);
  await expect(reading).rejects.toBe("enough");
  await storage.close();
});

test("a state that BSON makes too large is refused before anything is sent", async () => {
  const { db } = clientOf();
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
