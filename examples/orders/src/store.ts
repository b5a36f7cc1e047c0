import { createStore, type Store } from "@everdraft/core";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import { linesBySku } from "./lines-by-sku.ts";
import type { Order } from "./order.ts";
import { touches } from "./touches.ts";

/** The orders in a file, open. */
export interface OpenOrders extends AsyncDisposable {
  readonly orders: Store<Order>;
}

/** Opens the orders in a SQLite file. */
export function openOrders(file: string): OpenOrders {
  const storage = sqliteStorage(file);
  const orders = createStore<Order>({ collection: "orders", storage, projections: [linesBySku, touches] });
  return {
    orders,
    [Symbol.asyncDispose]: async () => {
      await orders.close();
      await storage.close();
    },
  };
}
