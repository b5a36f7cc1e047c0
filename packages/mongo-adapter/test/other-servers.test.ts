// Servers that speak MongoDB's language and answer otherwise: what research into several of them saw is played by a proxy.
import { createStore } from "@everdraft/core";
import { workerMongo } from "@everdraft/test-server/vitest";
import { type Document, Long, MongoClient } from "mongodb";
import { expect, onTestFinished, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { appendOf, call } from "./support/build.ts";
import { byHand, newClient, newDatabase } from "./support/database.ts";
import { least, noCommand } from "./support/manners.ts";
import { type Manner, startProxy } from "./support/proxy.ts";

/** A storage on a server with manners of its own; the database also as it is by hand. */
async function storageOn(manner: Manner) {
  const proxy = await startProxy(workerMongo().uri, manner);
  const client = new MongoClient(proxy.uri, { retryWrites: false });
  const raw = byHand(newDatabase());
  const storage = mongoStorage(client.db(raw.databaseName));
  onTestFinished(async () => {
    await storage.close();
    await client.close();
    await proxy.stop();
  });
  return { storage, raw };
}

test("facts name FerretDB and DocumentDB as they name themselves", async () => {
  const { storage } = await storageOn({
    hello: (reply) => ({ ...reply, internal: { documentdb_versions: ["0.107-0"] } }),
    answer: (command) =>
      "buildInfo" in command ? { version: "7.0.77", ferretdb: { version: "v2.7.0" }, ok: 1 } : undefined,
  });
  const { facts } = await storage.open("orders", call);
  expect(await facts(call)).toMatchObject({
    engine: "FerretDB v2.7.0 on DocumentDB 0.107-0 (speaks MongoDB 7.0.77)",
  });
});

test("facts say that a server has transactions when one was taken back, and not when it says so", async () => {
  const { storage } = await storageOn(least);
  const { facts } = await storage.open("orders", call);
  expect((await facts(call)).abilities).toMatchObject({ transactions: false, atomicViews: false });
});

test.each([
  ["answers that it does not have it", noCommand("bulkWrite"), 2],
  ["refuses it by a code that nobody knows", { code: 8_000, codeName: "AtlasError", errmsg: "not here" }, 2],
])("a server that %s is asked for one command of event and view once", async (_, refusal, stored) => {
  let asked = 0;
  const { storage } = await storageOn({
    hello: (reply) => ({ ...reply, maxWireVersion: 25 }),
    refuse: (command) => {
      if (!("bulkWrite" in command)) return undefined;
      asked++;
      return refusal;
    },
  });
  const store = createStore<{ n: number }>({ collection: "orders", storage });
  onTestFinished(() => store.close());
  expect(await store.create("a", "alice", { n: 1 })).toMatchObject({ view: "current" });
  expect(await store.edit("a", "bob", (draft) => void draft.n++)).toMatchObject({
    version: stored,
    view: "current",
  });
  expect(asked).toBe(1);
  expect(await store.get("a")).toEqual({ n: 2 });
});

test.each([
  ["an older one", { maxWireVersion: 21 }],
  ["mongos, which may have the log on several shards", { msg: "isdbgrid" }],
])("a server is not asked for one command of event and view where it is %s", async (_, said) => {
  const asked: string[] = [];
  const { storage } = await storageOn({
    hello: (reply) => ({ ...reply, ...said }),
    refuse: (command) => {
      asked.push(Object.keys(command)[0] ?? "");
      return undefined;
    },
  });
  const { log } = await storage.open("orders", call);
  const append = { ...appendOf({ doc: "a" }), before: "none" as const };
  expect(await log.commit([append], "chain", call)).toEqual([{ event: "stored", view: "inserted" }]);
  expect(asked).toContain("insert");
  expect(asked).not.toContain("bulkWrite");
});

test("a refusal says nothing of an event whose first command may have been carried out", async () => {
  let isLost = false;
  const { storage } = await storageOn({
    hello: (reply) => ({ ...reply, maxWireVersion: 25 }),
    refuse: (command) => {
      if ("bulkWrite" in command) isLost = true;
      if (!isLost) return undefined;
      if ("bulkWrite" in command) return { code: 8_000, codeName: "AtlasError", errmsg: "not here" };
      return command.insert === "orders.events"
        ? { code: 13, codeName: "Unauthorized", errmsg: "not you" }
        : undefined;
    },
  });
  const { log } = await storage.open("orders", call);
  const append = { ...appendOf({ doc: "a" }), before: "none" as const };
  expect(await log.commit([append], "independent", call)).toMatchObject([{ event: "unknown" }]);
});

test("facts name a server whose updates are not atomic as a problem, and leave nothing of the trial behind", async () => {
  const { storage, raw } = await storageOn({
    answer: (command) => (isProbe(command) ? { n: 1, nModified: 1, ok: 1 } : undefined),
  });
  const { facts } = await storage.open("orders", call);
  const found = await facts(call);
  expect(found.problems).toEqual([
    expect.objectContaining({ what: expect.stringContaining("several changes") }),
  ]);
  expect(await raw.collection("everdraft.checkpoints").countDocuments({ _id: /^probe/ as never })).toBe(0);
  const { storage: right } = await storageOn({});
  const collection = await right.open("orders", call);
  expect((await collection.facts(call)).problems).toEqual([]);
});

test("a sort that the server answers in another order than MongoDB's is an error and loses no documents", async () => {
  let wrong: readonly Document[] | undefined;
  const { storage, raw } = await storageOn({
    answer: (command) =>
      wrong !== undefined && command.find === "orders" && command.sort !== undefined
        ? { cursor: { id: Long.ZERO, ns: "x.orders", firstBatch: wrong }, ok: 1 }
        : undefined,
  });
  const store = createStore<{ v: unknown }>({ collection: "orders", storage });
  onTestFinished(() => store.close());
  for (const [id, v] of [
    ["a", null],
    ["b", []],
    ["c", 1],
  ] as const)
    await store.create(id, "alice", { v });
  const sorted = () => store.find({}, { sort: { v: 1 } }).toArray();
  expect((await sorted()).map(({ id }) => id)).toEqual(["b", "a", "c"]);
  // an empty list among nulls, as one of them sorts it
  wrong = await raw.collection("orders").find().sort({ _id: 1 }).toArray();
  await expect(sorted()).rejects.toMatchObject({ code: "storage", message: expect.stringContaining('"v"') });
});

test("a checkpoint that two write at once is written by both, also where the server tells one of a duplicate", async () => {
  let refusals = 2;
  const { storage } = await storageOn({
    answer: (command) =>
      command.update === "everdraft.checkpoints" && refusals-- > 0
        ? {
            n: 0,
            nModified: 0,
            ok: 1,
            writeErrors: [{ index: 0, code: 11000, errmsg: "E11000 duplicate key" }],
          }
        : undefined,
  });
  const { checkpoints } = await storage.open("orders", call);
  await checkpoints.put("mark", { n: 1 }, call);
  expect(refusals).toBeLessThan(0);
  expect(await checkpoints.get("mark", call)).toEqual({ n: 1 });
});

test("doubled slots are told as such where the server refuses the index by a code of its own", async () => {
  const own = { code: 1, codeName: "InternalError", errmsg: "could not create exclusion constraint" };
  const isSlots = ({ createIndexes, indexes }: Document): boolean =>
    createIndexes === "orders.events" && indexes[0].unique === true;
  const { storage, raw } = await storageOn({
    // the log's alone: the collections are prepared together, and another one's refusal may come first
    refuse: (command) => (isSlots(command) ? own : undefined),
  });
  const slot = { doc: "a", version: 1 };
  await raw.collection("orders.events").insertMany([{ ...slot }, { ...slot }]);
  await expect(storage.open("orders", call)).rejects.toMatchObject({
    code: "storage_corrupt",
    message: expect.stringContaining("doubled"),
  });
  await raw.collection("orders.events").deleteOne(slot);
  await expect(storage.open("orders", call)).rejects.toMatchObject({ code: "storage" });
});

test("however many storages use a client, they listen to it once, until the last one is closed", async () => {
  const client = newClient();
  const before = client.listenerCount("serverOpening");
  const storages = Array.from({ length: 50 }, () => mongoStorage(client.db("listened")));
  expect(client.listenerCount("serverOpening")).toBe(before + 1);
  const [first, ...others] = storages;
  await Promise.all(others.map((storage) => storage.close()));
  await others[0]?.close();
  expect(client.listenerCount("serverOpening")).toBe(before + 1);
  await first?.close();
  expect(client.listenerCount("serverOpening")).toBe(before);
});

function isProbe(command: Document): boolean {
  const [update] = command.updates ?? [];
  return command.update === "everdraft.checkpoints" && String(update?.q?._id).startsWith("probe-");
}
