import { join } from "node:path";
import { createStore, type Storage, type Store } from "@everdraft/core";
import { decode, type ValueTypes, valueTypes } from "@everdraft/core/adapter";
import { randomFrom } from "@everdraft/testkit/random";
import { openBare } from "./bare.ts";
import { makeOrder, type Order } from "./documents.ts";
import { interleave } from "./harness.ts";
import { printHeading, printRatio } from "./report.ts";
import { collection, inFolder, onStore, sizeName } from "./scratch.ts";

const types: ValueTypes = valueTypes([]);
/** How many orders `fillOrders` stores. */
export const documents = 500;
const atMost = (value: number) => ({ aim: { at: "most", value } }) as const;

/** Reading the state now against the bare SELECT of its bytes, from the same file. */
export async function compareGet(): Promise<void> {
  printHeading("store.get (SQLite) against the bare SELECT of the same bytes, random documents of 500");
  for (const bytes of [1_000, 20_000]) await inFolder((folder) => compareAt(bytes, join(folder, "get.db")));
}

const compareAt = (bytes: number, file: string): Promise<void> =>
  onStore(file, async ({ store, storage }) => {
    await fillOrders(store, bytes);
    const cold = coldStore(storage);
    const engine = openBare(file);
    try {
      const select = engine.prepare(`SELECT state FROM "${collection}" WHERE id = ?`);
      const stateOf = (id: string): Uint8Array => (select.get(id) as { state: Uint8Array }).state;
      const next = { cold: nextIds(), cached: nextIds(), row: nextIds(), decoded: nextIds() };
      const timings = await interleave({
        cold: () => cold.get(next.cold()),
        cached: () => store.get(next.cached()),
        row: () => stateOf(next.row()),
        decoded: () => decode(stateOf(next.decoded()), types),
      });
      const get = `get, ${sizeName(bytes)}`;
      const small = bytes === 1_000;
      printRatio(`${get}, cold, against the bytes`, timings.cold, timings.row, small ? atMost(4) : {});
      printRatio(`${get}, cold, against the bytes decoded`, timings.cold, timings.decoded);
      printRatio(`${get}, from the cache, against the bytes`, timings.cached, timings.row, atMost(1));
    } finally {
      engine.close();
      await cold.close();
    }
  });

/** The id of an order. */
export const idOf = (i: number): string => `order-${i}`;

/** The ids of random orders, the same for each candidate. */
export function nextIds(): () => string {
  const random = randomFrom(1);
  return () => idOf(Math.floor(random() * documents));
}

/** Stores the orders, and has the store know them all. */
export async function fillOrders(store: Store<Order>, bytes: number): Promise<void> {
  await store.import(
    Array.from({ length: documents }, (_, i) => ({
      id: idOf(i),
      at: new Date(0),
      by: "alice",
      state: makeOrder(bytes, i),
    })),
  );
  for (let i = 0; i < documents; i++) await store.read(idOf(i));
}

/** A store of the same storage without a cache. */
export const coldStore = (storage: Storage<string>): Store<Order> =>
  createStore<Order>({ collection, storage, cache: { maxBytes: 0 } });
