import { createStore, type Store } from "@everdraft/core";
import type { Db } from "mongodb";
import { expect, onTestFinished, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { call } from "./support/build.ts";
import { describeSetUp } from "./support/prove.ts";
import { shardKeyOf } from "./support/sharded/shard-keys.ts";
import { shardedServers } from "./support/sharded/sharded-servers.ts";
import { shardOf } from "./support/sharded/shards.ts";

interface Order {
  n: number;
  text?: string;
}

const { fixture, router, client, database, parts } = shardedServers("mongodb, sharded");
const shards = 3;
const all = [0, 1, 2];
const ids = Array.from({ length: 24 }, (_, i) => `o-${String(i).padStart(2, "0")}`);

describeSetUp(fixture, ["append", "chains", "changes", "order and ranges", "find and count"]);

/** A store with documents that have a few events each, and a snapshot. */
async function filled(db: Db): Promise<Store<Order>> {
  const storage = mongoStorage(db);
  // one time for all events, so that changes come in the order of documents and versions
  const now = Date.now() - 3_600_000;
  const store = createStore<Order>({ collection: "orders", storage, clock: () => now });
  onTestFinished(async () => {
    await store.close();
    await storage.close();
  });
  for (const id of ids) {
    await store.create(id, "alice", { n: 1 });
    await store.edit(id, "bob", (draft) => {
      draft.text = "x".repeat(20_000);
    });
    await store.edit(id, "bob", (draft) => void delete draft.text);
  }
  await store.sweep();
  return store;
}

test("every event, snapshot and document is on the shard of its key, and every shard has some", async () => {
  const db = database();
  const store = await filled(db);
  // ends when the snapshots are stored
  await store.close();
  for (const [shard, part] of parts(db).entries()) {
    for (const name of ["orders", "orders.events", "orders.snapshots"]) {
      const keys = (await part.collection(name).find().toArray()).map((found) => found[shardKeyOf(name)]);
      expect(keys.length).toBeGreaterThan(0);
      expect(keys.filter((key) => shardOf(key, shards) !== shard)).toEqual([]);
    }
  }
});

test("a call on one document asks the shard of the document alone", async () => {
  const store = await filled(database());
  const [id = ""] = ids;
  router().take();
  await store.edit(id, "bob", (draft) => void draft.n++);
  await store.replace(id, "bob", { n: 7 });
  await store.revert(id, "bob", { version: 1 });
  await store.delete(id, "bob");
  await store.restore(id, "bob");
  await store.get(id);
  await store.read(id);
  await store.stateAt(id, { version: 2 });
  await store.stateAt(id, new Date());
  await store.diff(id, { version: 1 }, { version: 2 });
  await store.history(id).toArray();
  await store.resolve(id, { eventId: "nobody's", version: 2 });
  await store.verify(id);
  await store.repair(id);
  const routed = router()
    .take()
    .filter(({ collection }) => /^orders/.test(collection));
  expect(routed.length).toBeGreaterThan(25);
  const own = [shardOf(id, shards)];
  expect(routed.filter((one) => one.shards.join() !== own.join())).toEqual([]);
});

test("changes and ids of documents come from all shards, in one order", async () => {
  const db = database();
  const store = await filled(db);
  router().take();
  const changes = await store.changes({ order: "oldest" }).toArray();
  expect(changes.map(({ id, version }) => `${id} ${version}`)).toEqual(
    ids.flatMap((id) => [1, 2, 3].map((version) => `${id} ${version}`)),
  );
  const { log } = await mongoStorage(db).open("orders", call);
  const pages: unknown[] = [];
  for (let after: string | undefined; pages.length < ids.length; after = String(pages.at(-1)))
    pages.push(...(await log.documents({ limit: 5, ...(after !== undefined && { after }) }, call)));
  expect(pages).toEqual(ids);
  expect(await store.find({ n: 1 }, { sort: { _id: -1 } }).toArray()).toMatchObject(
    ids.toReversed().map((id) => ({ id })),
  );
  expect(await store.count({ n: 1 })).toBe(ids.length);
  const asked = router()
    .take()
    .map((one) => one.shards);
  expect(asked.length).toBeGreaterThan(7);
  expect(new Set(asked.map(String))).toEqual(new Set([String(all)]));
});

test("a store whose collections are split by their keys goes on as before", async () => {
  const mongo = client();
  const storage = mongoStorage(mongo.db("shop"));
  const orders = createStore<Order>({ collection: "orders", storage });
  // #region shard
  // once: opening makes the collections and their indexes, which the shard keys need
  await orders.ready();
  const admin = mongo.db("admin");
  await admin.command({ shardCollection: "shop.orders", key: { _id: 1 } });
  await admin.command({ shardCollection: "shop.orders.events", key: { doc: 1 } });
  await admin.command({ shardCollection: "shop.orders.snapshots", key: { doc: 1 } });
  // #endregion shard
  await expect(
    admin.command({ shardCollection: "shop.orders.events", key: { version: 1 } }),
  ).rejects.toMatchObject({ code: 72 });
  await orders.create("o-1", "alice", { n: 1 });
  expect(await orders.edit("o-1", "bob", (draft) => void draft.n++)).toMatchObject({ version: 2 });
  expect(await orders.verify("o-1")).toMatchObject({ ok: true });
  await orders.close();
  await storage.close();
});

test("no write of one document is sent without the key of its shard", () => {
  expect(router().refused).toEqual([]);
});
