import { createStore } from "@everdraft/core";
import { dropIndex, listIndexes } from "@everdraft/core/upkeep";
import { expect, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { indexIn } from "../src/views/explain.ts";
import { byHand, newDatabase } from "./support/database.ts";

interface Order {
  status: string;
  lines: { sku: string }[];
}

test("the option indexes makes indexes of that name in the user's own collection, once, and explain names them", async () => {
  const db = newDatabase();
  await byHand(db).collection("orders").createIndex({ status: 1 }, { name: "mine" });
  const storage = mongoStorage(db);
  const indexes = [{ keys: { status: 1 } }, { keys: { "lines.sku": 1, status: -1 } }] as const;
  let isBuilt: (name: string) => void = () => undefined;
  const built = new Promise<string>((resolve) => {
    isBuilt = resolve;
  });
  const store = createStore<Order>({
    collection: "orders",
    storage,
    indexes,
    onNotice: (notice) => {
      if (notice.type === "index-built") isBuilt(notice.index);
    },
  });
  await store.create("o-1", "alice", { status: "open", lines: [{ sku: "A" }] });
  // the user has one over the status already
  expect(await built).toBe("lines.sku_1_status_-1");
  const named = async (): Promise<readonly string[]> =>
    (await listIndexes(store)).map(({ name }) => name).toSorted();
  expect(await named()).toEqual(["lines.sku_1_status_-1", "mine"]);
  expect(await store.explain({ "lines.sku": "A" })).toEqual({ kind: "index", name: "lines.sku_1_status_-1" });
  expect(await store.explain({ "lines.0.sku": "A" })).toEqual({ kind: "scan" });
  expect(await dropIndex(store, "lines.sku_1_status_-1")).toBe(true);
  expect(await dropIndex(store, "_everdraft.schema_1")).toBe(false);
  expect(await named()).toEqual(["mine"]);
  await store.close();
  await storage.close();
});

test("the option logIndexes makes indexes over the events, and a list of changes names the one that answers it", async () => {
  const db = newDatabase();
  const storage = mongoStorage(db);
  const waiting = new Set(["log.act", "log.by"]);
  let isBuilt: () => void = () => undefined;
  const built = new Promise<void>((resolve) => {
    isBuilt = resolve;
  });
  const store = createStore<Order>({
    collection: "orders",
    storage,
    logIndexes: ["by", "act"],
    onNotice: (notice) => {
      if (notice.type === "index-built" && waiting.delete(notice.index) && waiting.size === 0) isBuilt();
    },
  });
  await store.create("o-1", "alice", { status: "open", lines: [] });
  await built;
  expect(await store.changes({ by: "alice", type: "created" }).explain()).toEqual({
    kind: "index",
    name: "log.by",
  });
  expect(await store.changes({ type: "created" }).explain()).toEqual({ kind: "scan" });
  expect((await store.changes({ by: "alice" }).toArray()).map(({ id }) => id)).toEqual(["o-1"]);
  expect(await listIndexes(store)).toContainEqual({
    name: "log.act",
    keys: { act: 1, at: 1, doc: 1, version: 1 },
    log: true,
    complete: true,
  });
  expect(await dropIndex(store, "log.by")).toBe(true);
  expect(await dropIndex(store, "log.by")).toBe(false);
  expect(await store.changes({ by: "alice" }).explain()).toEqual({ kind: "scan" });
  await store.close();
  await storage.close();
});

test.each([
  [{ stage: "COLLSCAN" }, undefined],
  [{ stage: "FETCH", inputStage: { stage: "IXSCAN", indexName: "a_1" } }, "a_1"],
  [
    { queryPlan: { stage: "FETCH", inputStage: { stage: "IXSCAN", indexName: "a_1" } }, slotBasedPlan: {} },
    "a_1",
  ],
  [{ stage: "SHARD_MERGE", shards: [{ winningPlan: { stage: "IXSCAN", indexName: "b_1" } }] }, "b_1"],
  [{ stage: "IDHACK" }, "_id_"],
  [undefined, undefined],
])("the index in a plan is found whatever its form: %j", (plan, name) => {
  expect(indexIn(plan)).toBe(name);
});
