import { defineProjection, type State, type StateProjection } from "@everdraft/core";
import { linesOf, type Order, order } from "./order.ts";
import type { StoreBench } from "./store-bench.ts";

interface LineRow {
  order: string;
  line: string;
  qty: number;
}

/** A row for each line of an order. */
export const lines: StateProjection<State<Order>, LineRow> = defineProjection({
  name: "lines",
  version: 1,
  rows: (given: State<Order>, { id }): LineRow[] =>
    given.lines.map((one) => ({ order: id, line: one.id, qty: one.qty })),
  indexes: [{ keys: { line: 1 } }],
});

/** Writes orders without any projection: three, of which one is deleted, and one with a long history. */
export async function writtenBefore({ open }: StoreBench, count = 3): Promise<void> {
  const store = open();
  for (let n = 0; n < count; n++)
    await store.create(`o-${n}`, "alice", order({ lines: linesOf("a", `l-${n}`) }));
  await store.create("o-gone", "alice", order({ lines: linesOf("z") }));
  await store.delete("o-gone", "alice");
}
