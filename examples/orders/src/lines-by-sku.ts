// #region lines
import { defineProjection, type State, type StateProjection } from "@everdraft/core";
import type { Order } from "./order.ts";

/** A line of an order that counts, as it is asked for: by product. */
export interface LineRow {
  readonly sku: string;
  readonly qty: number;
  readonly customer: string;
}

/** Each line of an order that was not cancelled: one order, many rows. */
export const linesBySku: StateProjection<State<Order>, LineRow> = defineProjection({
  name: "lines",
  version: 1,
  rows: ({ status, lines, customer }: State<Order>) =>
    status === "cancelled" ? [] : lines.map(({ sku, qty }) => ({ sku, qty, customer })),
  indexes: [{ keys: { sku: 1 } }],
});
// #endregion lines
