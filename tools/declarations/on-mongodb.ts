// As program.ts, for MongoDB: the driver's own declarations need Node's types.
import { createStore, type Store } from "@everdraft/core";
import { mongoStorage } from "@everdraft/mongo-adapter";
import { type Db, ObjectId } from "mongodb";

interface Order {
  customer: ObjectId;
  refs: ObjectId[];
}

/** Finds orders by ids of others. */
export async function find(db: Db): Promise<readonly ObjectId[]> {
  const orders: Store<Order, ObjectId> = createStore<Order, ObjectId>({
    collection: "orders",
    storage: mongoStorage(db),
    projections: [
      { name: "ids", version: 1, rows: (order, { id }) => ({ id, customer: order.customer.toHexString() }) },
    ],
  });
  const ids: ObjectId[] = [];
  for await (const { id, state } of orders.find({
    refs: { $in: [new ObjectId()] },
    customer: new ObjectId(),
  }))
    ids.push(id, ...state.refs);
  return ids;
}
