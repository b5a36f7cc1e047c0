import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
// #region imports

import { createStore, isEverdraftError } from "@everdraft/core";
import { sqliteStorage } from "@everdraft/sqlite-adapter";

// #endregion imports

// #region projection-imports

import { defineProjection, type State } from "@everdraft/core";
import { rebuild, verify } from "@everdraft/core/upkeep";

// #endregion projection-imports

import { afterEach, beforeEach, expect, test, vi } from "vitest";

// The regions of this file are the snippets of README.md and docs: `pnpm snippets` copies them.
let file: string;
let shown: unknown[];
beforeEach(async () => {
  file = join(await mkdtemp(join(tmpdir(), "everdraft-")), "orders.db");
  shown = [];
  vi.spyOn(console, "log").mockImplementation((...values) => void shown.push(...values));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(join(file, ".."), { recursive: true });
});

test("the quick start of the README does what it says", async () => {
  // #region helper
  const pieces = (order: State<Order>): number => order.lines.reduce((sum, { qty }) => sum + qty, 0);
  // #endregion helper

  // #region quick-start
  interface Order {
    customer: string;
    status: "open" | "paid";
    lines: { sku: string; qty: number }[];
  }
  const storage = sqliteStorage(file); // a path, such as "orders.db"
  const orders = createStore<Order>({ collection: "orders", storage });

  await orders.create("o-1", "alice", { customer: "c-7", status: "open", lines: [] });
  await orders.edit(
    "o-1",
    "bob",
    (draft) => {
      draft.lines.push({ sku: "A", qty: 2 });
    },
    { reason: "phone order" },
  );
  const paid = await orders.edit("o-1", "bob", (draft) => {
    draft.status = "paid";
  });
  console.log(paid.version, paid.patches); // 3 [{ op: "replace", path: ["status"], value: "paid" }]

  console.log(await orders.stateAt("o-1", { version: 1 })); // as alice made it; a Date does as well
  console.log(await orders.diff("o-1", { version: 1 }, { version: 3 })); // what changed since
  for await (const { at, by, reason } of orders.history("o-1")) console.log(at, by, reason);

  const blame = await orders.blame("o-1");
  console.log(blame?.at(["lines", 0, "qty"])?.event.reason); // phone order: the event that last set this value
  await orders.undo("o-1", "carol", { version: 3 }); // takes back that one event, and keeps what came after it
  await orders.revert("o-1", "carol", { version: 2 }); // a new event; nothing is ever rewritten
  console.log(await orders.find({ status: "open", "lines.sku": "A" }).toArray());

  await orders.close();
  await storage.close();
  // #endregion quick-start
  expect(pieces(paid.state)).toBe(2);
  expect(pieces({ customer: "c-8", status: "open", lines: [] } satisfies Order)).toBe(0);
  expect(shown.slice(0, 3)).toEqual([
    3,
    [{ op: "replace", path: ["status"], value: "paid" }],
    { customer: "c-7", status: "open", lines: [] },
  ]);
  expect(shown.at(-1)).toMatchObject([{ id: "o-1", version: 4, by: "carol", state: { status: "open" } }]);
});

test("errors are told apart by their code", async () => {
  const storage = sqliteStorage(file);
  const orders = createStore<{ qty: number }>({ collection: "orders", storage });
  // #region errors
  try {
    await orders.edit("o-9", "alice", (draft) => {
      draft.qty = 3;
    });
  } catch (error) {
    if (isEverdraftError(error, "not_found")) console.log(`no order ${error.details.id}`);
    else throw error;
  }
  // #endregion errors
  expect(shown).toEqual(["no order o-9"]);
  await orders.close();
  await storage.close();
});

test("a projection is rebuilt, kept and queried as the README says", async () => {
  const storage = sqliteStorage(file);
  interface Order {
    lines: { sku: string; qty: number }[];
  }
  const before = createStore<Order>({ collection: "orders", storage });
  await before.create("o-0", "alice", { lines: [{ sku: "A", qty: 1 }] });
  await before.close();
  // #region projection
  const lines = defineProjection({
    name: "lines",
    version: 1,
    rows: (order: State<Order>, { id }) => order.lines.map(({ sku, qty }) => ({ order: id, sku, qty })),
    indexes: [{ keys: { sku: 1 } }], // made where the engine can use them
  });
  const orders = createStore<Order>({ collection: "orders", storage, projections: [lines] });

  // once, since there are orders from before; killed anywhere, the same call goes on
  await rebuild(orders, { projection: "lines", onProgress: ({ done, total }) => console.log(done, total) });

  await orders.create("o-1", "bob", { lines: [{ sku: "A", qty: 2 }] }); // its rows follow by themselves
  console.log(
    await orders
      .rows(lines)
      .find({ sku: "A", qty: { $gt: 1 } })
      .toArray(),
  );

  console.log(await verify(orders)); // every event, view and row of every document
  // #endregion projection
  expect(shown).toEqual([
    ...[0, 1], // at the beginning
    ...[1, 1], // after the range
    ...[1, 1], // after the second look
    [{ id: "o-1", version: 1, row: { order: "o-1", sku: "A", qty: 2 } }],
    { complete: true, documents: 2, repaired: 0, failures: 0 },
  ]);
  await orders.close();
  await storage.close();
});
