// The driver gives a client up whose first connection failed. The storage does not, unless its owner closed it.
import { once } from "node:events";
import { createStore } from "@everdraft/core";
import { workerMongo } from "@everdraft/test-server/vitest";
import { MongoClient } from "mongodb";
import { expect, onTestFinished, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { newDatabase } from "./support/database.ts";
import { startProxy } from "./support/proxy.ts";
import { atomicOrNot } from "./support/transactions.ts";
import { watch, watchable } from "./support/watch.ts";

const quick = { serverSelectionTimeoutMS: 300 };

/** A store whose server is away, and can come. */
async function away(options: { readonly atomicViews?: boolean } = {}) {
  const proxy = await startProxy(workerMongo().uri, {});
  await proxy.down();
  const client = watch(new MongoClient(proxy.uri, { ...quick, ...watchable }));
  let connections = 0;
  client.on("topologyOpening", () => connections++);
  const storage = mongoStorage(client.db(newDatabase().databaseName), options);
  const store = createStore<{ n: number }>({ collection: "late", storage });
  onTestFinished(async () => {
    await store.close();
    await storage.close();
    await client.close();
    await proxy.stop();
  });
  return { proxy, client, store, connections: () => connections };
}

const notThere = { code: "storage", message: expect.stringMatching(/No server .*can be reached/) };

test.each(atomicOrNot)(
  "a server that comes late is found, and again when it goes and comes back (atomicViews: %s)",
  async (atomicViews) => {
    const { proxy, store } = await away({ atomicViews });
    await expect(store.get("a")).rejects.toMatchObject(notThere);
    await expect(store.get("a")).rejects.toMatchObject(notThere);
    await proxy.up();
    expect(await store.get("a")).toBeUndefined();
    await store.create("a", "alice", { n: 1 });
    await proxy.down();
    await expect(store.get("a")).rejects.toMatchObject({ code: "storage" });
    await proxy.up();
    expect(await store.edit("a", "bob", (draft) => void draft.n++, { timeoutMs: 60_000 })).toMatchObject({
      version: 2,
      state: { n: 2 },
    });
  },
);

test("a write that began while the server was away is stored once it comes", async () => {
  const { proxy, store } = await away();
  await expect(store.get("a")).rejects.toMatchObject(notThere);
  await proxy.up();
  expect(await store.create("a", "alice", { n: 1 })).toMatchObject({ version: 1 });
});

test("of several calls at once none says that the client was closed", async () => {
  const { store } = await away();
  const told = await Promise.allSettled(["a", "b", "c"].map((id) => store.get(id)));
  for (const one of told) expect(one).toMatchObject({ status: "rejected", reason: notThere });
});

const closedByOwner = { code: "closed", message: expect.stringMatching(/owner closed the client/) };

test("a client that its owner closed stays closed, though its first connection failed", async () => {
  const { proxy, client, store, connections } = await away();
  await expect(store.get("a")).rejects.toMatchObject(notThere);
  await client.close();
  await proxy.up();
  const before = connections();
  await expect(store.get("a")).rejects.toMatchObject(closedByOwner);
  await expect(store.create("a", "alice", { n: 1 })).rejects.toMatchObject(closedByOwner);
  expect(connections()).toBe(before);
});

test("a client that its owner closes while a call waits for the server stays closed", async () => {
  const { client, store, connections } = await away();
  const opening = once(client, "topologyOpening");
  const waiting = store.get("a").catch((error: unknown) => error);
  await opening;
  await client.close();
  expect(await waiting).toMatchObject(closedByOwner);
  expect(connections()).toBe(1);
});

test("a client that its owner closed and connected again is used again", async () => {
  const { proxy, client, store } = await away();
  await proxy.up();
  expect(await store.get("a")).toBeUndefined();
  await client.close();
  await expect(store.get("a")).rejects.toMatchObject(closedByOwner);
  await client.connect();
  expect(await store.get("a")).toBeUndefined();
});
