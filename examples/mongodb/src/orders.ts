// #region imports
import { createStore } from "@everdraft/core";
import { mongoStorage } from "@everdraft/mongo-adapter";
import type { Db } from "mongodb";

// #endregion imports

// #region order
interface Order {
  customer: string;
  status: "open" | "paid";
  lines: { sku: string; qty: number }[];
}
// #endregion order

/** How much of an article is in all orders that are open. */
export interface OpenQuantity {
  readonly _id: string;
  readonly qty: number;
}

/** Writes two orders through a store, and reads them as any program on MongoDB would. */
export async function keepOrders(db: Db): Promise<readonly OpenQuantity[]> {
  // #region write
  // db is a database of the MongoClient that you have: new MongoClient(uri).db("shop")
  const storage = mongoStorage(db);
  const orders = createStore<Order>({ collection: "orders", storage });

  await orders.create("o-1", "alice", { customer: "c-7", status: "open", lines: [{ sku: "A", qty: 1 }] });
  await orders.create("o-2", "alice", { customer: "c-8", status: "open", lines: [{ sku: "B", qty: 3 }] });
  await orders.edit(
    "o-1",
    "bob",
    (draft) => {
      draft.lines.push({ sku: "A", qty: 2 });
    },
    { reason: "phone order" },
  );
  // #endregion write

  // #region query
  // the current documents are in your own collection, under their own _id: index and aggregate them as ever
  const current = db.collection("orders");
  await current.createIndex({ status: 1, "lines.sku": 1 });
  const open = await current
    .aggregate<OpenQuantity>([
      { $match: { status: "open" } },
      { $unwind: "$lines" },
      { $group: { _id: "$lines.sku", qty: { $sum: "$lines.qty" } } },
      { $sort: { _id: 1 } },
    ])
    .toArray();
  console.log(open); // [{ _id: "A", qty: 3 }, { _id: "B", qty: 3 }]

  await orders.edit("o-1", "carol", (draft) => {
    draft.status = "paid";
  });
  console.log(await orders.stateAt("o-1", { version: 1 })); // as alice made it
  // #endregion query

  // #region close
  await orders.close();
  await storage.close(); // the client stays as it is: it is yours
  // #endregion close
  return open;
}
