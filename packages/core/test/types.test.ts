import {
  type AsyncList,
  type ChangedEvent,
  type ChangeList,
  createStore,
  type DocumentEvent,
  type Draft,
  defineProjection,
  type EventReference,
  type Migration,
  type PlainObject,
  type State,
  type Storage,
  type Written,
} from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { inspect, migrate, type RowFailure, rebuild, verify } from "@everdraft/core/upkeep";
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

test("states handed out are readonly, drafts are mutable", async () => {
  const written = await orders.create("o-1", "alice", { customer: "c", status: "open", lines: [], tags: [] });
  expectTypeOf(written).toEqualTypeOf<Written<State<Order>>>();
  expectTypeOf(written.state).toEqualTypeOf<State<Order>>();
  await orders.edit("o-1", "bob", (draft) => {
    expectTypeOf(draft).toEqualTypeOf<Draft<Order>>();
    draft.lines.push({ sku: "A", qty: 2 });
    // @ts-expect-error a status is one of two
    draft.status = "lost";
    // put right, so that only the types object
    draft.status = "paid";
  });
  expectTypeOf(await orders.get("o-1")).toEqualTypeOf<State<Order> | undefined>();
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

test("a listing of one type of event is of that type", () => {
  type Events = typeof orders;
  const reverts = (store: Events) => store.history("o", { type: "reverted", by: "ann" });
  expectTypeOf(reverts).returns.toEqualTypeOf<AsyncList<DocumentEvent<string, "reverted">>>();
  expectTypeOf<DocumentEvent<string, "reverted">["ref"]>().toEqualTypeOf<EventReference>();
  const all = (store: Events) => store.changes({ limit: 1 });
  expectTypeOf(all).returns.toEqualTypeOf<ChangeList<DocumentEvent>>();
  const changed = (store: Events) => store.history("o", { type: "edited", changes: true });
  expectTypeOf(changed).returns.toEqualTypeOf<AsyncList<ChangedEvent<string, "edited">>>();
  // @ts-expect-error a user is a text, or what ids are
  const wrong = (store: Events) => store.history("o", { by: 5 });
  expect(wrong).toBeTypeOf("function");
});

test("a projection is given the state and the ids of the store that has it", () => {
  const rows = defineProjection({
    name: "lines",
    version: 1,
    rows: (order: State<Order>, { id }) => order.lines.map(({ sku }) => ({ order: id.toUpperCase(), sku })),
  });
  createStore<Order>({ collection: "orders", storage, projections: [rows] });
  const inPlace = createStore<Order, number>({
    collection: "numbered",
    storage,
    projections: [
      {
        name: "tags",
        version: 1,
        rows: (order, { id, by }) => {
          expectTypeOf(order).toEqualTypeOf<State<Order>>();
          expectTypeOf(id).toEqualTypeOf<number>();
          expectTypeOf(by).toEqualTypeOf<number | string>();
          return { id: id.toFixed() };
        },
      },
    ],
  });
  // @ts-expect-error the ids of this store are numbers
  createStore<Order, number>({ collection: "orders", storage, projections: [rows] });
  // @ts-expect-error its documents have no lines
  createStore<{ name: string }>({ collection: "orders", storage, projections: [rows] });
  const changing = defineProjection({ name: "changing", version: 1, rows: ({ tags }: Order) => ({ tags }) });
  // @ts-expect-error it could push to the lists of a state
  createStore<Order>({ collection: "orders", storage, projections: [changing] });
  const folded = defineProjection({
    name: "times",
    version: 1,
    fold: (row: { times: number } | undefined, event: DocumentEvent) => ({
      times: (row?.times ?? 0) + event.version,
    }),
  });
  createStore<Order>({ collection: "orders", storage, projections: [folded] });
  // @ts-expect-error the ids of this store are numbers
  createStore<Order, number>({ collection: "orders", storage, projections: [folded] });
  expect(inPlace).toBeDefined();
});

test("rows are of the type that their projection gives; by name they are any rows", async () => {
  const tags = defineProjection({
    name: "tags",
    version: 1,
    rows: ({ tags }: State<Order>) => ({ tags: [...tags], size: tags.length }),
  });
  const store = createStore<Order>({ collection: "tagged", storage, projections: [tags] });
  await store.create("o", "alice", { customer: "c", status: "open", lines: [], tags: ["a"] });
  const [found] = await store
    .rows(tags)
    .find({ size: { $gt: 0 } }, { sort: { size: 1 } })
    .toArray();
  expectTypeOf(found?.row).toEqualTypeOf<
    { readonly tags: readonly string[]; readonly size: number } | undefined
  >();
  // @ts-expect-error rows have no such field
  expect(await store.rows(tags).count({ width: 1 })).toBe(0);
  const [named] = await store.rows("tags").of("o");
  expectTypeOf(named?.row).toEqualTypeOf<PlainObject | undefined>();
  expect(named?.row).toEqual({ tags: ["a"], size: 1 });
});

test("a migration is given the older state, readonly, and gives the newer one", () => {
  interface Older {
    name: string;
    tags: string[];
  }
  const split: Migration<Older, { first: string; tags: string[] }> = ({ name, tags }) => ({
    first: name,
    tags: [...tags],
  });
  // @ts-expect-error the newer one has a first name
  const wrong: Migration<Older, { first: string }> = ({ name }) => ({ last: name });
  // @ts-expect-error it is frozen
  const pushing: Migration<Older> = (state) => ({ tags: state.tags.push("x") });
  createStore<{ first: string; tags: string[] }>({
    collection: "people",
    storage,
    schemaVersion: 2,
    migrations: { 1: split },
  });
  expect([wrong, pushing]).toHaveLength(2);
});

test("a revert gives its event, a plan the events that it would take back", () => {
  type Revert = typeof orders.revert;
  const plan = (planRevert: typeof orders.planRevert) => planRevert("o", { version: 1 });
  const written = (revert: Revert) => revert("o", "u", { version: 1 });
  expectTypeOf(plan).returns.resolves.toHaveProperty("takesBack");
  expectTypeOf(written).returns.resolves.toHaveProperty("changed");
});

test("work over all documents takes a store by its type, and its findings know the ids", () => {
  type Call = (store: typeof orders) => Promise<unknown>;
  const calls: readonly Call[] = [
    (store) => verify(store, { onFinding: ({ id }) => expectTypeOf(id).toEqualTypeOf<string>() }),
    (store) =>
      rebuild(store, { projection: "view", onFailure: ({ id }) => expectTypeOf(id).toEqualTypeOf<string>() }),
    (store) => migrate(store, "deploy", { onFailure: ({ id }) => expectTypeOf(id).toEqualTypeOf<string>() }),
    async (store) =>
      expectTypeOf((await inspect(store)).failures).toEqualTypeOf<readonly RowFailure<string>[]>(),
    // @ts-expect-error ids of another kind
    (store) => verify(store, { ids: [7] }),
    // @ts-expect-error no store
    () => rebuild({}, { projection: "view" }),
    // @ts-expect-error a store in a user's name has no documents of others to look after
    (store) => verify(store.as("alice")),
  ];
  expect(calls).toHaveLength(7);
});
