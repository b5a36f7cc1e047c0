// #region config
import { defineConfig } from "@everdraft/cli";
import { linesBySku } from "./src/lines-by-sku.ts";
import { touches } from "./src/touches.ts";

export default defineConfig({
  stores: {
    orders: {
      // from this file's folder; a connection string with a password belongs into the environment
      uri: process.env.ORDERS_URI ?? "sqlite:orders.sqlite",
      collection: "orders",
      projections: [linesBySku, touches],
    },
  },
});
// #endregion config
