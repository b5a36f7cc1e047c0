// The steps of docs/operations.md for a new schema, in their order, with processes of the old and the new code at once.
import { createStore, type Notice } from "@everdraft/core";
import { inspect, migrate } from "@everdraft/core/upkeep";
import { expect, test } from "vitest";
import { newPath, storageAt } from "./support/fixtures.ts";

/** An order as the old code knows it. */
interface FirstOrder {
  readonly customer: string;
  readonly lines: readonly { readonly sku: string; readonly qty: number }[];
}

// #region schema
interface Order extends FirstOrder {
  readonly total: number;
}

const schemaVersion = 2;
const migrations = {
  1: (order: FirstOrder): Order => ({
    ...order,
    total: order.lines.reduce((sum, { qty }) => sum + qty, 0),
  }),
};
// #endregion schema

test("a new schema comes in while processes with the old code run, and documents are brought up at the end", async () => {
  const path = newPath();
  const told: Notice["type"][] = [];
  const onNotice = ({ type }: Notice) => void told.push(type);
  const open = (options: object) =>
    createStore<Order>({ collection: "orders", storage: storageAt(path), onNotice, ...options });
  const before = createStore<FirstOrder>({ collection: "orders", storage: storageAt(path), onNotice });
  const line = (qty: number) => [{ sku: "A", qty }];
  for (const [id, qty] of Object.entries({ "o-1": 1, "o-2": 2, "o-3": 3 }))
    await before.create(id, "alice", { customer: "c-7", lines: line(qty) });

  // 2: the first process with the new code sees all documents by their new fields at once
  const orders = open({ schemaVersion, migrations });
  expect(await orders.find({ total: { $gt: 1 } }, { sort: { total: -1 } }).toArray()).toMatchObject([
    { id: "o-3", state: { total: 3 } },
    { id: "o-2", state: { total: 2 } },
  ]);
  expect(told).toEqual(["older-schema"]);
  // an edit of its brings the document up; the old code leaves it out of what it finds, and cannot read it
  await orders.edit("o-1", "bob", (draft) => void Object.assign(draft, { customer: "c-8" }));
  expect((await before.find().toArray()).map(({ id }) => id)).toEqual(["o-2", "o-3"]);
  expect(told).toEqual(["older-schema", "newer-schema"]);
  await expect(before.find({}, { onNewer: "refuse" }).toArray()).rejects.toMatchObject({
    code: "schema_too_new",
  });
  await expect(before.get("o-1")).rejects.toMatchObject({ code: "schema_too_new" });
  // the others it edits as ever, and the new code sees it
  await before.edit("o-2", "alice", (draft) => void Object.assign(draft, { lines: line(9) }));
  expect(await orders.count({ total: 9 })).toBe(1);

  // 3: no process with the old code is left
  await before.close();
  expect(await inspect(orders)).toMatchObject({ schema: 2, older: 2, newer: 0 });
  // #region migrate
  const { complete, written, failures } = await migrate(orders, "deploy", {
    reason: "orders have a total",
    onFailure: ({ id, message }) => console.error(id, message),
  });
  // #endregion migrate
  expect({ complete, written, failures }).toEqual({ complete: true, written: 2, failures: 0 });
  expect(await inspect(orders)).toMatchObject({ older: 0 });
  told.length = 0;
  expect(await orders.count({ total: { $gt: 1 } })).toBe(2);
  expect(told).toEqual([]);

  // 4: the past stays as it was stored, and needs the migration
  expect(await orders.stateAt("o-2", { version: 1 })).toMatchObject({ total: 2 });
  expect(await orders.history("o-2").toArray()).toMatchObject([
    { type: "created", schema: 1 },
    { type: "edited", by: "alice", schema: 1 },
    { type: "edited", by: "deploy", schema: 2, migrated: 1, reason: "orders have a total" },
  ]);
  await orders.close();
});
