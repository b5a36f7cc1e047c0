import { createStore, type State } from "@everdraft/core";
import { sqliteStorage } from "@everdraft/sqlite-adapter";

interface Order {
  status: "open" | "paid";
  lines: { sku: string; qty: number }[];
}
const pieces = (order: State<Order>): number => order.lines.reduce((sum, { qty }) => sum + qty, 0);

/** Keeps an order in a file, and tells its history. */
async function main(file: string): Promise<void> {
  const storage = sqliteStorage(file);
  const orders = createStore<Order>({ collection: "orders", storage });
  await orders.create("o-1", "alice", { status: "open", lines: [] });
  const { state } = await orders.edit("o-1", "bob", (draft) => {
    draft.lines.push({ sku: "A", qty: 2 });
  });
  console.log(`${pieces(state)} pieces`);
  for await (const { version, by, type } of orders.history("o-1"))
    console.log(`v${version} ${type} by ${by}`);
  await orders.close();
  await storage.close();
}

// a bundle in CommonJS has no await at its top
main(process.argv[2] ?? ":memory:").catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
