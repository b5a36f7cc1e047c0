import { rebuild } from "@everdraft/core/upkeep";
import { sold } from "./sold.ts";
import { openOrders } from "./store.ts";
import { touches } from "./touches.ts";

// node dist/main.js [FILE]: takes three orders, changes two, and says what was sold
await using opened = openOrders(process.argv[2] ?? "orders.sqlite");
const { orders } = opened;

await orders.create("o-1", "alice", { customer: "c-7", status: "open", lines: [{ sku: "A", qty: 2 }] });
await orders.create("o-2", "alice", {
  customer: "c-9",
  status: "open",
  lines: [
    { sku: "A", qty: 1 },
    { sku: "B", qty: 5 },
  ],
});
await orders.create("o-3", "bob", { customer: "c-7", status: "open", lines: [{ sku: "B", qty: 1 }] });
await orders.edit("o-1", "bob", (draft) => {
  draft.lines.push({ sku: "B", qty: 3 });
});
await orders.edit(
  "o-2",
  "carol",
  (draft) => {
    draft.status = "cancelled";
  },
  { reason: "customer called" },
);

// once, after a projection came to a store; from then on its rows are kept live
for (const projection of ["lines", "touches"]) await rebuild(orders, { projection });
for (const sku of ["A", "B"]) console.log(`${sku}: ${await sold(orders, sku)}`);
for await (const { id, row } of orders.rows(touches).find()) console.log(`${id}: ${row.users.join(", ")}`);
