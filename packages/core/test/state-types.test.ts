// The types alone are the subject: the build checks them, and refuses an expected error that is none.
import {
  createStore,
  type Draft,
  type Filter,
  type Recipe,
  type State,
  type Store,
  type Written,
} from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { expect, expectTypeOf, test } from "vitest";

declare class ObjectId {
  readonly _bsontype: "ObjectId";
  readonly id: Uint8Array;
  private readonly cached;
  toHexString(): string;
}
class Money {
  readonly cents: number;
  constructor(cents: number) {
    this.cents = cents;
  }
  plus({ cents }: Money): Money {
    return new Money(this.cents + cents);
  }
}
declare module "@everdraft/core" {
  interface AdapterValues {
    // as the author of a storage with such values writes it
    readonly money: Money;
  }
}
type Sku = string & { readonly sku: unique symbol };
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
interface Tree {
  name: string;
  children: Tree[];
}
type Term = ["not", Term] | ["both", Term, Term] | ["is", string];

interface Order {
  customer: ObjectId;
  status: "open" | "paid";
  lines: { sku: Sku; qty: number }[];
  placed?: Date;
  mark: Uint8Array | null;
  size: [width: number, height: number, unit?: "cm"];
  payment: { kind: "card"; digits: string[] } | { kind: "cash" };
  bins: Record<string, { counts: number[] }>;
  data: Json;
  notes: unknown;
  anything: Record<string, unknown>;
  tree: Tree;
  term: Term;
}

interface ReadonlyOrder {
  readonly customer: ObjectId;
  readonly status: "open" | "paid";
  readonly lines: readonly { readonly sku: Sku; readonly qty: number }[];
  readonly placed?: Date;
  readonly mark: Uint8Array | null;
  readonly size: readonly [width: number, height: number, unit?: "cm"];
}
type Plain = keyof ReadonlyOrder;

const storage = memoryStorage();

test("a state that is handed out is readonly at every level; dates, bytes and adapter values are as they were", () => {
  expectTypeOf<Pick<State<Order>, Plain>>().toEqualTypeOf<ReadonlyOrder>();
  expectTypeOf<State<Order>["notes"]>().toEqualTypeOf<unknown>();
  expectTypeOf<State<Order>["anything"]>().toEqualTypeOf<Readonly<Record<string, unknown>>>();
  expectTypeOf<State<Order>["bins"]>().toEqualTypeOf<
    Readonly<Record<string, { readonly counts: readonly number[] }>>
  >();
  expectTypeOf<State<Order>["payment"]>().toEqualTypeOf<
    { readonly kind: "card"; readonly digits: readonly string[] } | { readonly kind: "cash" }
  >();
  expectTypeOf<State<ObjectId | Date | Sku | 1 | null | undefined>>().toEqualTypeOf<
    ObjectId | Date | Sku | 1 | null | undefined
  >();
  expectTypeOf<State<unknown>>().toBeUnknown();
  // biome-ignore lint/suspicious/noExplicitAny: callers without types are the subject
  expectTypeOf<State<any>>().toBeAny();
});

test("a kind of values that another storage declares is left whole as well", () => {
  expectTypeOf<State<{ price: Money; prices: Money[] }>>().toEqualTypeOf<{
    readonly price: Money;
    readonly prices: readonly Money[];
  }>();
  expectTypeOf<Draft<{ readonly price: Money }>>().toEqualTypeOf<{ price: Money }>();
  const filter: Filter<{ price: Money; prices: Money[] }> = { price: new Money(1), prices: new Money(2) };
  expect(filter).toBeDefined();
});

test("nothing in a state can be assigned or pushed to, however deep it is", () => {
  const change = (state: State<Order>, list: State<Json[]>): void => {
    // @ts-expect-error the field is readonly
    state.status = "paid";
    // @ts-expect-error the list is readonly
    state.lines.push({ sku: state.lines[0]?.sku, qty: 1 });
    // @ts-expect-error the element is readonly
    state.size[0] = 5;
    // @ts-expect-error the dictionary is readonly
    state.bins.north = { counts: [] };
    // @ts-expect-error trees are readonly all the way down
    state.tree.children[0]?.children[0]?.children.push({ name: "", children: [] });
    // @ts-expect-error so are tuples in tuples
    if (state.term[0] === "not") state.term[1][0] = "is";
    // @ts-expect-error and any JSON
    list[0] = 1;
  };
  expect(change).toBeTypeOf("function");
});

test("a draft is what a recipe may change, at every level, also of a type that is readonly", () => {
  const recipe: Recipe<State<Order>> = (draft) => {
    draft.status = "paid";
    draft.lines.push({ sku: draft.lines[0]?.sku ?? ("" as Sku), qty: 1 });
    draft.size[0] = 5;
    draft.bins.north = { counts: [1] };
    draft.tree.children[0]?.children.push({ name: "", children: [] });
    draft.placed = new Date(0);
    expectTypeOf(draft.customer).toEqualTypeOf<ObjectId>();
    expectTypeOf(draft.notes).toEqualTypeOf<unknown>();
    // @ts-expect-error a status is one of two
    draft.status = "lost";
  };
  expect(recipe).toBeTypeOf("function");
  expectTypeOf<Draft<ReadonlyOrder>>().toEqualTypeOf<Pick<Order, Plain>>();
  type Plainer = Omit<Order, "term">;
  expectTypeOf<Draft<State<Plainer>>>().toExtend<Draft<Plainer>>();
  expectTypeOf<Draft<Plainer>>().toExtend<Draft<State<Plainer>>>();
});

test("what was read is stored again as it is, and helpers take what is read and what is new", async () => {
  interface Sheet {
    lines: string[];
  }
  const sheets = createStore<Sheet>({ collection: "sheets", storage });
  const count = (sheet: State<Sheet>): number => sheet.lines.length;
  const fresh: Sheet = { lines: ["a"] };
  const written = await sheets.create("a", "alice", fresh);
  expectTypeOf(written).toEqualTypeOf<Written<State<Sheet>>>();
  await sheets.create("b", "alice", written.state);
  const read = await sheets.read("b");
  expectTypeOf(read?.state).toEqualTypeOf<State<Sheet> | undefined>();
  if (read !== undefined)
    await sheets.replace("a", "alice", { ...read.state, lines: [...read.state.lines, "b"] });
  await sheets.import([{ id: "c", at: new Date(0), by: "alice", state: written.state }]);
  const all = await sheets.getMany(["a", "b", "c"]);
  expect([count(fresh), ...all.map((sheet) => sheet && count(sheet))]).toEqual([1, 2, 1, 1]);
});

test("results are of narrower states where those are asked for", () => {
  expectTypeOf<Written<State<Order>>>().toExtend<Written<{ readonly status: string }>>();
  expectTypeOf<Written<undefined>>().toExtend<Written<State<Order> | undefined>>();
});

test("a function that is generic over documents reads, edits, creates and finds", async () => {
  const settle = async <T extends { status: string; owner?: { name: string } }>(store: Store<T>) => {
    const found: string[] = [];
    for await (const { id, state } of store.find(
      { status: "open", "owner.name": "ann" },
      { sort: { status: 1 } },
    )) {
      const status: string = state.status;
      found.push(`${id} ${status} ${state.owner?.name}`);
      await store.edit(id, "bob", (draft) => {
        draft.status = "paid";
      });
    }
    const [first] = await store.getMany(["a"]);
    if (first !== undefined) await store.create("copy", "bob", first);
    return found;
  };
  const store = createStore<{ status: "open" | "paid"; owner: { name: string } }>({
    collection: "g",
    storage,
  });
  await store.create("a", "alice", { status: "open", owner: { name: "ann" } });
  await store.create("b", "alice", { status: "open", owner: { name: "bea" } });
  expect(await settle(store)).toEqual(["a open ann"]);
  expect(await store.get("copy")).toEqual({ status: "paid", owner: { name: "ann" } });
});
