import {
  createStore,
  type DocumentEvent,
  type Draft,
  type Filter,
  type Storage,
  type Written,
} from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { expect, expectTypeOf, test } from "vitest";

// an interface on purpose: a state's type needs no index signature
interface Order {
  customer: string;
  status: "open" | "paid";
  lines: {
    sku: string;
    qty: number;
    price?: { amount: number; currency: { code: string; deep: { er: 1 } } };
  }[];
  tags: string[];
  when?: Date;
}
declare class ObjectId {
  readonly bytes: Uint8Array;
}

const storage = memoryStorage();
const orders = createStore<Order>({ collection: "orders", storage });

test("states handed out are T, drafts are mutable drafts of T", async () => {
  const written = await orders.create("o-1", "alice", { customer: "c", status: "open", lines: [], tags: [] });
  expectTypeOf(written).toEqualTypeOf<Written<Order, string>>();
  expectTypeOf(written.state).toEqualTypeOf<Order>();
  await orders.edit("o-1", "bob", (draft) => {
    expectTypeOf(draft).toEqualTypeOf<Draft<Order>>();
    draft.lines.push({ sku: "A", qty: 2 });
    // @ts-expect-error a status is one of two
    draft.status = "lost";
    // put right, so that only the types object
    draft.status = "paid";
  });
  expectTypeOf(await orders.get("o-1")).toEqualTypeOf<Order | undefined>();
  expectTypeOf((await orders.read("o-1"))?.at).toEqualTypeOf<Date | undefined>();
  expectTypeOf((await orders.delete("o-1", "bob")).state).toEqualTypeOf<undefined>();
});

test("a store fits every storage that takes its ids, and no other", () => {
  expectTypeOf(createStore<Order>).toBeCallableWith({ collection: "orders", storage });
  expectTypeOf<Storage<string | number>>().toExtend<Storage<string>>();
  expectTypeOf<Storage<string>>().not.toExtend<Storage<ObjectId>>();
  createStore<Order, number>({ collection: "numbered", storage });
  // @ts-expect-error the memory storage has no such ids
  createStore<Order, ObjectId>({ collection: "orders", storage });
  // @ts-expect-error a state is an object
  createStore<string>({ collection: "orders", storage });
});

test("every write needs its user, and only known options", async () => {
  // @ts-expect-error the user is missing
  await expect(orders.delete("o-9")).rejects.toMatchObject({ code: "user" });
  // @ts-expect-error a reason is a text
  await expect(orders.delete("o-9", "alice", { reason: 1 })).rejects.toMatchObject({ code: "options" });
  // @ts-expect-error a state of another shape
  const wrong: Parameters<typeof orders.replace>[2] = { customer: "c" };
  expect(wrong).toBeDefined();
});

test("events are a union by type: those that go back to something have a ref", () => {
  const read = (event: DocumentEvent): number | undefined => {
    if (event.type === "reverted") return event.ref.version;
    expectTypeOf(event.at).toEqualTypeOf<Date>();
    return event.type === "edited" ? event.ref : undefined;
  };
  expectTypeOf(read).returns.toEqualTypeOf<number | undefined>();
});

test("filters know the fields, dotted paths three deep, and the operators", () => {
  const good: Filter<Order>[] = [
    { status: "open" },
    { status: { $in: ["open", "paid"] }, when: { $gte: new Date(0) } },
    { "lines.sku": "A", "lines.0.qty": { $gt: 1 }, "lines.price.amount": { $lte: 5 } },
    { tags: "urgent", $or: [{ tags: { $size: 0 } }, { customer: { $regex: "^c" } }] },
    { lines: { $elemMatch: { sku: "A", qty: { $gt: 1 } } }, _id: "o-1" },
    { when: null },
  ];
  expect(good).toHaveLength(6);
  const bad: Filter<Order>[] = [
    // @ts-expect-error no such field
    { state: "open" },
    // @ts-expect-error no such status
    { status: "lost" },
    // @ts-expect-error a quantity is a number
    { "lines.qty": "many" },
    // @ts-expect-error no such operator
    { customer: { $where: "1" } },
    // @ts-expect-error no such path
    { "lines.price.sum": 1 },
  ];
  expect(bad).toHaveLength(5);
});

test("sort, select and after know the fields", () => {
  expectTypeOf(orders.find).toBeCallableWith(
    {},
    { sort: { customer: 1, "lines.qty": -1 }, select: ["customer"] },
  );
  // @ts-expect-error no such field
  orders.find({}, { sort: { state: 1 } });
  // @ts-expect-error no such field
  orders.find({}, { select: ["state"] });
});

test("a revert gives what it wrote, a dry run its plan", () => {
  type Revert = typeof orders.revert;
  const plan = (revert: Revert) => revert("o", "u", { version: 1 }, { dryRun: true });
  const written = (revert: Revert) => revert("o", "u", { version: 1 });
  expectTypeOf(plan).returns.resolves.toHaveProperty("takesBack");
  expectTypeOf(written).returns.resolves.toHaveProperty("changed");
});
