// The types alone are the subject: the build checks them, and refuses an expected error that is none.
import { createStore, type FieldPath, type Filter, type ValueAt } from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { expect, expectTypeOf, test } from "vitest";

declare class ObjectId {
  readonly _bsontype: "ObjectId";
  private readonly cached;
  toHexString(): string;
}

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

const storage = memoryStorage();

test("filters know the fields, dotted paths, and the operators", () => {
  const good: Filter<Order>[] = [
    { status: "open" },
    { status: { $in: ["open", "paid"] }, when: { $gte: new Date(0) } },
    { "lines.sku": "A", "lines.0.qty": { $gt: 1 }, "lines.price.amount": { $lte: 5 } },
    { "lines.price.currency.code": "EUR", "lines.0.price.amount": 1 },
    { tags: "urgent", $or: [{ tags: { $size: 0 } }, { customer: { $regex: "^c" } }] },
    { lines: { $elemMatch: { sku: "A", qty: { $gt: 1 } } }, _id: "o-1" },
    { tags: { $elemMatch: { $gt: "a" } }, customer: /^c/, status: { $not: /^o/ } },
    { when: null },
  ];
  expect(good).toHaveLength(8);
  const bad: Filter<Order>[] = [
    // @ts-expect-error no such field
    { state: "open" },
    // @ts-expect-error no such status
    { status: "lost" },
    // @ts-expect-error a quantity is a number
    { "lines.qty": "many" },
    // @ts-expect-error by an index too
    { "lines.0.qty": "many" },
    // @ts-expect-error no such operator
    { customer: { $where: "1" } },
    // @ts-expect-error no such path
    { "lines.price.sum": 1 },
    // @ts-expect-error nor one level deeper
    { "lines.price.currency.name": "euro" },
    // @ts-expect-error a line is not compared as a whole
    { lines: { sku: "A" } },
    // @ts-expect-error a number matches no pattern
    { "lines.qty": /1/ },
    // @ts-expect-error of lines there is none with such a field
    { lines: { $elemMatch: { name: "A" } } },
    // @ts-expect-error within joined filters too
    { $and: [{ $or: [{ status: "lost" }] }] },
  ];
  expect(bad).toHaveLength(11);
});

test("values that hold themselves can be filtered by, and any path below them", async () => {
  type Nested = (string | Nested)[];
  type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
  // as type-fest's JsonValue and Prisma's are written
  type FestObject = { [K in string]: Fest } & { [K in string]?: Fest | undefined };
  type Fest = string | number | boolean | null | FestObject | Fest[] | readonly Fest[];
  type PrismaObject = { [K in string]?: Prisma };
  interface PrismaArray extends Array<Prisma> {}
  type Prisma = string | number | boolean | PrismaObject | PrismaArray | null;
  type Term = ["not", Term] | ["is", string];
  interface Tree {
    name: string;
    left?: Tree;
    children: Tree[];
  }
  interface Note {
    title: string;
    nested: Nested;
    data: Json;
    fest: Fest;
    prisma: Prisma | null;
    term: Term;
    tree: Tree;
  }
  const notes = createStore<Note>({ collection: "notes", storage });
  const data = { a: [{ b: 1 }] };
  await notes.create("n", "alice", {
    title: "x",
    nested: ["a", ["b"]],
    data,
    fest: data,
    prisma: data,
    term: ["not", ["is", "so"]],
    tree: { name: "root", children: [{ name: "leaf", children: [] }] },
  });
  const filters: Filter<Note>[] = [
    { title: "x", nested: "a", "nested.1.0": "b", "data.a.0.b": 1, "fest.a.b": { $gt: 0 } },
    { "prisma.a.b": 1, "tree.children.name": "leaf", term: "not", "data.c": { $exists: false } },
  ];
  for (const filter of filters) expect(await notes.count(filter)).toBe(1);
  // @ts-expect-error beside them fields are known as ever
  expect(await notes.count({ titel: "x" })).toBe(0);
  // @ts-expect-error and operands
  expect(await notes.count({ title: 1 })).toBe(0);
  // @ts-expect-error a tree has no such field
  expect(await notes.count({ "tree.children.size": 1 })).toBe(0);
});

test("paths lead through dictionaries, and what they lead to is known", async () => {
  interface Stock {
    bins: Record<string, { qty: number; at: Date }>;
    halls: Record<string, Record<string, { qty: number }>>;
    counts: Record<string, number>;
    byYear: Record<number, { sum: number }>;
    days: Partial<Record<"mon" | "tue", { open: boolean }>>;
    coded: Record<string & { readonly code: unique symbol }, { qty: number }>;
    any: Record<string, unknown>;
  }
  const stocks = createStore<Stock>({ collection: "stocks", storage });
  const at = new Date(5);
  await stocks.create("s", "alice", {
    bins: { north: { qty: 3, at } },
    halls: { a: { b: { qty: 4 } } },
    counts: { x: 1 },
    byYear: { 2026: { sum: 1 } },
    days: { mon: { open: true } },
    coded: {},
    any: { a: 1 },
  });
  const filters: Filter<Stock>[] = [
    { "bins.north.qty": 3, "bins.north.at": { $gt: new Date(0) }, "bins.south": { $exists: false } },
    { "halls.a.b.qty": { $in: [4] }, "halls.a.b": { $exists: true }, "counts.x": { $lt: 2 } },
    { "byYear.2026.sum": 1, "days.mon.open": true, "any.a": 1, "coded.x.qty": null },
  ];
  for (const filter of filters) expect(await stocks.count(filter)).toBe(1);
  const bad: Filter<Stock>[] = [
    // @ts-expect-error a quantity is a number
    { "bins.north.qty": "many" },
    // @ts-expect-error a date is no number
    { "bins.north.at": { $gt: 5 } },
    // @ts-expect-error no such operator
    { "bins.north.qty": { $where: "1" } },
    // @ts-expect-error two dictionaries deep as well
    { "halls.a.b.qty": "many" },
    // @ts-expect-error a count is a number
    { "counts.x": "many" },
    // @ts-expect-error there are two days
    { "days.wed.open": true },
  ];
  expect(bad).toHaveLength(6);
});

test("adapter values are compared with their own kind, in lists too; unknown ones with anything", () => {
  interface Ref {
    ref: ObjectId;
    refs: ObjectId[];
    seen?: Record<string, ObjectId>;
    note: unknown;
  }
  type Given = (id: ObjectId) => Filter<Ref>[];
  const good: Given = (id) => [
    { ref: id, refs: id, "refs.0": id, "seen.a": id },
    { ref: { $in: [id] }, refs: { $in: [id], $all: [id] }, "seen.b": { $ne: id } },
    { refs: { $elemMatch: { $gt: id } }, note: 5, "note.a.b": { $gt: id } },
  ];
  const bad: Given = (id) => [
    // @ts-expect-error a text is no ObjectId
    { ref: "a" },
    // @ts-expect-error nor in a list
    { refs: { $in: ["a"] } },
    // @ts-expect-error an ObjectId has no fields
    { "ref.id": id },
  ];
  expect([good, bad]).toHaveLength(2);
});

test("a state that is a union, a dictionary or any is filtered by what it may have", () => {
  type Payment = { kind: "card"; digits: string; at: Date } | { kind: "cash"; at: Date };
  const union: Filter<Payment>[] = [{ kind: "card", digits: "1" }, { at: { $gt: new Date(0) } }];
  // @ts-expect-error no kind of payment has it
  const bad: Filter<Payment> = { iban: "1" };
  const dictionary: Filter<Record<string, number>> = { a: { $gt: 1 } };
  // @ts-expect-error its values are numbers
  const text: Filter<Record<string, number>> = { a: "1" };
  // biome-ignore lint/suspicious/noExplicitAny: callers without types are the subject
  const any: Filter<any> = { a: 1, "b.c": { $in: [2] } };
  expect([union, bad, dictionary, text, any]).toHaveLength(5);
});

test("a path has its value's type, with lists passed through", () => {
  expectTypeOf<ValueAt<Order, "lines.price.amount">>().toEqualTypeOf<number>();
  expectTypeOf<ValueAt<Order, "lines.0" | "when">>().toEqualTypeOf<
    Order["lines"][number] | Date | undefined
  >();
  expectTypeOf<"lines.0.qty">().toExtend<FieldPath<Order>>();
  expectTypeOf<"lines.size">().not.toExtend<FieldPath<Order>>();
});

test("sort and after know the fields, and a selection narrows the state", async () => {
  const orders = createStore<Order>({ collection: "orders", storage });
  await orders.create("o", "alice", { customer: "c", status: "open", lines: [], tags: [] });
  expectTypeOf(orders.find).toBeCallableWith({}, { sort: { customer: 1, "lines.qty": -1, _id: 1 } });
  // @ts-expect-error no such field
  await expect(orders.find({}, { sort: { state: 1 }, limit: 0 }).toArray()).resolves.toEqual([]);
  // @ts-expect-error no such field
  await orders.find({}, { select: ["state"] }).toArray();
  const [selected] = await orders.find({}, { select: ["customer", "when"] }).toArray();
  expectTypeOf(selected?.state).toEqualTypeOf<
    { readonly customer: string; readonly when?: Date } | undefined
  >();
  // @ts-expect-error it was not selected
  expect(selected?.state.lines).toBeUndefined();
  const [none] = await orders.find({}, { select: [] }).toArray();
  expectTypeOf(none?.state).toEqualTypeOf<Record<never, unknown> | undefined>();
  const [whole] = await orders.find({}, { sort: { customer: 1 } }).toArray();
  expectTypeOf(whole?.state.lines).toEqualTypeOf<
    | readonly {
        readonly sku: string;
        readonly qty: number;
        readonly price?: {
          readonly amount: number;
          readonly currency: { readonly code: string; readonly deep: { readonly er: 1 } };
        };
      }[]
    | undefined
  >();
});
