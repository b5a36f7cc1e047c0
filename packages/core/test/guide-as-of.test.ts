// The code of docs/guide/as-of.md.
import { createStore } from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { expect, test } from "vitest";

interface Order {
  customer: string;
  status: string;
}

test("the code of the page about the collection at a date runs, and shows the lines that it says", async () => {
  let now = Date.UTC(2026, 1, 20);
  const orders = createStore<Order>({
    collection: "orders",
    storage: memoryStorage(),
    clock: () => now,
  });
  const written: unknown[] = [];
  const console = { log: (...values: unknown[]): void => void written.push(values.join(" ")) };
  await orders.create("o-1", "alice", { customer: "c-7", status: "open" });
  await orders.create("o-2", "alice", { customer: "c-9", status: "open" });
  now = Date.UTC(2026, 2, 5);
  await orders.edit("o-1", "bob", (draft) => void Object.assign(draft, { status: "paid" }));
  await orders.delete("o-2", "carol");
  await orders.create("o-3", "bob", { customer: "c-7", status: "open" });
  // #region as-of
  const then = orders.asOf(new Date("2026-03-01"));

  console.log(await then.count({ status: "open" })); // 2
  for await (const { id, version, by, state } of then.find({}, { sort: { customer: -1 } }))
    console.log(id, version, by, state.customer, state.status);
  // o-2 1 alice c-9 open
  // o-1 1 alice c-7 open

  const [first, third] = await then.getMany(["o-1", "o-3"]);
  console.log(first?.status, third === undefined); // open true
  // #endregion as-of
  expect(written.splice(0)).toEqual(["2", "o-2 1 alice c-9 open", "o-1 1 alice c-7 open", "open true"]);

  // #region pages
  const page = await then.find({ status: "open" }).page({ limit: 1 });
  const next = await orders
    .asOf(new Date("2026-03-01"))
    .find({ status: "open" })
    .page({ limit: 1, ...(page.next && { cursor: page.next }) });
  console.log(page.items[0]?.id, next.items[0]?.id); // o-1 o-2
  // #endregion pages
  expect(written.splice(0)).toEqual(["o-1 o-2"]);

  // #region deleted
  for await (const { id, by, at, state } of orders.find({}, { deleted: "only" }))
    console.log(id, by, at.toISOString().slice(0, 10), state.status); // o-2 carol 2026-03-05 open

  const all = await orders.find({ customer: "c-9" }, { deleted: "include" }).toArray();
  for (const document of all)
    if (document.kind === "deleted") console.log(document.id, "was deleted by", document.by); // o-2 was deleted by carol
  // #endregion deleted
  expect(written.splice(0)).toEqual(["o-2 carol 2026-03-05 open", "o-2 was deleted by carol"]);
});
