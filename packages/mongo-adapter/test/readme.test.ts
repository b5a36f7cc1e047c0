// #region imports
import { createStore, defineProjection, type State } from "@everdraft/core";
import { mongoStorage } from "@everdraft/mongo-adapter";
// #endregion imports
import type { Db } from "mongodb";
import { expect, test } from "vitest";
import { byHand, newClient, newDatabase } from "./support/database.ts";

interface Order {
  lines: { sku: string; qty: number }[];
}

async function rowsOfA(shop: Db) {
  // #region rows
  const rows = shop.collection("orders.rows.lines.v1");
  const found = await rows.find({ sku: "A" }).sort({ qty: 1 }).toArray();
  // [{ _id: …, _everdraft: { doc: "o-1", version: 1 }, order: "o-1", sku: "A", qty: 2 }, …]
  // #endregion rows
  return { found, indexes: await rows.indexes() };
}

test("The page of the package: a store on a client of one's own, and rows that the driver finds", async () => {
  const client = newClient();
  const shop = newDatabase(client);
  // #region open
  // client is the MongoClient that you have, shop one of its databases: client.db("shop")
  const storage = mongoStorage(shop);
  const lines = defineProjection({
    name: "lines",
    version: 1,
    rows: (order: State<Order>, { id }) => order.lines.map(({ sku, qty }) => ({ order: id, sku, qty })),
    indexes: [{ keys: { sku: 1 } }],
  });
  const orders = createStore<Order>({ collection: "orders", storage, projections: [lines] });
  await orders.create("o-1", "alice", { lines: [{ sku: "A", qty: 2 }] });
  // #endregion open
  await orders.create("o-2", "alice", {
    lines: [
      { sku: "B", qty: 1 },
      { sku: "A", qty: 5 },
    ],
  });

  const { found, indexes } = await rowsOfA(byHand(shop));
  const facts = (doc: string) => ({ _id: expect.any(String), _everdraft: { doc, version: 1 } });
  expect(found).toEqual([
    { ...facts("o-1"), order: "o-1", sku: "A", qty: 2 },
    { ...facts("o-2"), order: "o-2", sku: "A", qty: 5 },
  ]);
  expect(indexes.map(({ key }) => key)).toContainEqual({ sku: 1 });

  // #region close
  await orders.close();
  await storage.close(); // ends only its own use
  await client.close();
  // #endregion close
});
