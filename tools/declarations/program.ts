// A program that a user could have. It is compiled by several versions of TypeScript, as an ES module and as CommonJS.
import {
  createStore,
  defineProjection,
  EverdraftError,
  type FindOptions,
  type Migration,
  type Recipe,
  type State,
  type Store,
  type Written,
} from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { rebuild, verify } from "@everdraft/core/upkeep";
import { sqliteStorage } from "@everdraft/sqlite-adapter";

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
interface Order {
  status: "open" | "paid";
  lines: { sku: string; qty: number; price?: { amount: number } }[];
  bins: Record<string, { qty: number; at: Date }>;
  data: Json;
  note?: unknown;
  size: [width: number, height: number];
}

const lines = defineProjection({
  name: "lines",
  version: 1,
  rows: (order: State<Order>, { id }) => order.lines.map(({ sku, qty }) => ({ order: id, sku, qty })),
  indexes: [{ keys: { sku: 1 } }],
});
const up: Migration<Omit<Order, "size">, Order> = (state) => ({ ...state, size: [0, 0] });
const pay: Recipe<Order> = (draft) => {
  draft.status = "paid";
  draft.lines.push({ sku: "B", qty: 1 });
  draft.size[0] = 1;
};
const total = (order: State<Order>): number => order.lines.reduce((sum, { qty }) => sum + qty, 0);

/** Those that are still open, of a store of whatever has a status. */
async function openIds<T extends { status: string }>(store: Store<T>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id, state } of store.find({ status: "open" }, { sort: { status: 1 } }))
    ids.push(`${id} is ${state.status}`);
  return ids;
}

/** Refused at compile time. */
export function refused(store: Store<Order>, state: State<Order>): void {
  // @ts-expect-error no such field
  store.find({ state: "open" });
  // @ts-expect-error no such value
  store.find({ "lines.price.amount": "much" });
  // @ts-expect-error below a dictionary too
  store.find({ "bins.north.qty": { $gt: "much" } });
  // @ts-expect-error no such operator
  store.find({ status: { $where: "1" } });
  // @ts-expect-error frozen
  state.lines.push({ sku: "C", qty: 1 });
  // @ts-expect-error no such option
  store.edit("a", "alice", pay, { expectVersion: 1 });
}

/** On SQLite. */
export const onFile = (path: string): Store<Order> =>
  createStore<Order>({
    collection: "orders",
    storage: sqliteStorage(path),
    schemaVersion: 2,
    migrations: { 1: up },
  });

/** Writes and reads a few orders. */
export async function run(): Promise<unknown> {
  const storage = memoryStorage();
  const orders = createStore<Order>({ collection: "orders", storage, projections: [lines] });
  const fresh: Order = {
    status: "open",
    lines: [],
    bins: { north: { qty: 3, at: new Date(0) } },
    data: [],
    size: [1, 2],
  };
  const written: Written<State<Order>> = await orders.create("o-1", "alice", fresh);
  await orders.create("o-2", "alice", {
    ...written.state,
    lines: [{ sku: "A", qty: 2, price: { amount: 5 } }],
  });
  await orders.edit("o-2", "bob", pay);
  const options: FindOptions<Order, "status"> = { select: ["status"], sort: { "lines.qty": -1 } };
  const found = await orders
    .find({ "bins.north.qty": 3, "bins.north.at": { $lt: new Date() }, data: [] }, options)
    .toArray();
  const statuses: ("open" | "paid")[] = found.map(({ state }) => state.status);
  const [reverted] = await orders.history("o-2", { type: "reverted" }).toArray();
  const rows = await orders
    .rows(lines)
    .find({ qty: { $gt: 1 } })
    .toArray();
  const order = await orders.get("o-2");
  await rebuild(orders, { projection: "lines" });
  const { failures } = await verify(orders);
  const result = {
    statuses,
    open: await openIds(orders),
    reverted: reverted?.ref.version,
    skus: rows.map(({ row }) => row.sku),
    total: order && total(order),
    failures,
    refused: await orders
      .delete("o-3", "bob")
      .catch((error: unknown) => error instanceof EverdraftError && error.code),
  };
  await orders.close();
  await storage.close();
  return result;
}
