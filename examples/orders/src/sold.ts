import type { Store } from "@everdraft/core";
import { linesBySku } from "./lines-by-sku.ts";
import type { Order } from "./order.ts";

// #region sold
/** How many of a product are ordered: a total over many orders is a query over rows. */
export async function sold(orders: Store<Order>, sku: string): Promise<number> {
  let qty = 0;
  for await (const { row } of orders.rows(linesBySku).find({ sku })) qty += row.qty;
  return qty;
}
// #endregion sold
