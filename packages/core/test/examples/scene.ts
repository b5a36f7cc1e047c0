import { createStore, defineProjection, type State, type StateProjection, type Store } from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";

/** The document of the examples. */
export interface Order {
  customer: string;
  status: string;
  lines: { sku: string; qty: number }[];
}

/** A projection of it. */
export const lines: StateProjection<
  State<Order>,
  { order: string; sku: string; qty: number }
> = defineProjection({
  name: "lines",
  version: 1,
  rows: (order: State<Order>, { id }) => order.lines.map(({ sku, qty }) => ({ order: id, sku, qty })),
});

/** A store with an order of three versions, and another one. */
export async function prepared(): Promise<Store<Order>> {
  const orders = createStore<Order>({ collection: "orders", storage: memoryStorage(), projections: [lines] });
  await orders.create("o-1", "alice", { customer: "c-7", status: "open", lines: [] });
  await orders.edit("o-1", "bob", (draft) => void draft.lines.push({ sku: "A-1", qty: 2 }));
  await orders.edit("o-1", "alice", (draft) => {
    draft.status = "paid";
  });
  await orders.create("o-8", "carol", { customer: "c-9", status: "open", lines: [{ sku: "B-2", qty: 1 }] });
  return orders;
}

/** A recipe. */
export function recipe(draft: Order): void {
  draft.status = "sent";
}
