// Indexes over documents and rows: who keeps them, how they are built, and what a find makes of them.
import { createStore, defineProjection, type State, type Store, type StoreOptions } from "@everdraft/core";
import { valueTypes } from "@everdraft/core/adapter";
import { checkFilter } from "@everdraft/core/internals";
import { dropIndex, listIndexes } from "@everdraft/core/upkeep";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { call, newPath, rawAt, storageAt } from "./support/fixtures.ts";
import { statementWith, withStatements } from "./support/watched-engine.ts";

vi.setConfig({ testTimeout: 60_000 });

interface Order {
  status: string;
  due?: Date;
  lines: { sku: string }[];
}

const order = (status: string, ...skus: string[]): Order => ({ status, lines: skus.map((sku) => ({ sku })) });
const to = (status: string) => (draft: Order) => {
  draft.status = status;
};
const indexes = [{ keys: { status: 1 } }, { keys: { "lines.sku": 1 } }] as const;
const perLine = defineProjection({
  name: "lines",
  version: 1,
  rows: ({ lines }: State<Order>) => lines.map(({ sku }) => ({ sku })),
  indexes: [{ keys: { sku: 1 } }],
});

/** A store on a file, by a connection of its own as another process has one; closed after the test. */
function storeAt(path: string, options: Partial<StoreOptions<Order>> = {}): Store<Order> {
  const store = createStore<Order>({ collection: "orders", storage: storageAt(path), ...options });
  onTestFinished(() => store.close());
  return store;
}

/** Many orders, each tenth of them paid, on a new file. */
async function manyOrders(count: number): Promise<string> {
  const path = newPath();
  const states = Array.from({ length: count }, (_, n) => order(n % 10 === 0 ? "paid" : "open", `s-${n % 7}`));
  const at = new Date(0);
  await storeAt(path).import(
    states.map((state, n) => ({ id: `o-${String(n).padStart(4, "0")}`, at, by: "alice", state })),
  );
  return path;
}

async function found(store: Store<Order>, filter: object): Promise<string[]> {
  return (await store.find(filter).toArray()).map(({ id }) => id);
}

/** A store with indexes that is open, and has told of these when they were built. */
async function built(path: string, ...names: string[]): Promise<Store<Order>> {
  const waiting = new Set(names);
  let isBuilt: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    isBuilt = resolve;
  });
  const store = storeAt(path, {
    indexes,
    onNotice: (notice) => {
      if (notice.type === "index-built" && waiting.delete(notice.index) && waiting.size === 0) isBuilt();
    },
  });
  await store.ready();
  await all;
  return store;
}

describe("an index over documents", () => {
  test("is kept by a store that does not ask for it", async () => {
    const path = newPath();
    const asking = storeAt(path, { indexes });
    await asking.create("o-1", "alice", order("open", "A", "B"));
    const other = storeAt(path);
    await other.create("o-2", "bob", order("open", "B"));
    await other.create("o-3", "bob", order("open", "C"));
    await other.edit("o-1", "bob", to("paid"));
    await other.delete("o-3", "bob");
    expect(await asking.explain({ status: "open" })).toEqual({ kind: "index", name: "status_1" });
    expect(await found(asking, { status: "open" })).toEqual(["o-2"]);
    expect(await found(asking, { status: "paid" })).toEqual(["o-1"]);
    expect(await found(asking, { "lines.sku": "B" })).toEqual(["o-1", "o-2"]);
    expect(await asking.count({ "lines.sku": "C" })).toBe(0);
    await other.restore("o-3", "bob");
    expect(await asking.count({ "lines.sku": "C" })).toBe(1);
  });

  test("is asked for by an option, and explain tells of it", async () => {
    const storage = storageAt(newPath());
    // #region indexes
    const orders = createStore<Order>({
      collection: "orders",
      storage,
      indexes: [{ keys: { status: 1, due: -1 } }, { keys: { "lines.sku": 1 } }],
    });
    const plan = await orders.explain({ status: "open" }, { sort: { due: -1 } });
    // { kind: "index", name: "status_1_due_-1" }
    // #endregion indexes
    expect(plan).toEqual({ kind: "index", name: "status_1_due_-1" });
    await orders.close();
  });

  test("is one that a store without the option uses too", async () => {
    const path = newPath();
    await storeAt(path, { indexes }).create("o-1", "alice", order("open", "A"));
    const other = storeAt(path);
    expect(await other.explain({ "lines.sku": "A", status: { $ne: "paid" } })).toEqual({
      kind: "index",
      name: "lines.sku_1",
    });
    expect(await found(other, { "lines.sku": "A", status: { $ne: "paid" } })).toEqual(["o-1"]);
  });

  test("is built over the documents that are there, and then used", async () => {
    const path = await manyOrders(450);
    const store = await built(path, "status_1", "lines.sku_1");
    expect(await store.explain({ status: "paid" })).toEqual({ kind: "index", name: "status_1" });
    expect(await store.count({ status: "paid" })).toBe(45);
    expect((await store.find({ status: "open" }, { limit: 3 }).toArray()).map(({ id }) => id)).toEqual([
      "o-0001",
      "o-0002",
      "o-0003",
    ]);
  });

  test("takes the same first piece as others that are new with it", async () => {
    const path = await manyOrders(300);
    const opened = await storageAt(path).open("orders", call);
    await opened.indexes?.add([...indexes, { keys: { due: 1 } }], call);
    const built = (await opened.indexes?.list(call))?.map(({ complete }) => complete);
    expect(built).toEqual([false, false, false]);
  });

  test("counts its candidates once for a find, however many pages they fill", async () => {
    let counts = 0;
    await withStatements((sql, statement) =>
      /SELECT count\(\*\) AS n FROM \(SELECT 1/.test(sql)
        ? statementWith(statement, {
            get: (...values) => {
              counts++;
              return statement.get(...values);
            },
          })
        : statement,
    );
    const path = await manyOrders(900);
    await built(path, "status_1", "lines.sku_1");
    const { views } = await storageAt(path).open("orders", call);
    const filter = (more: object) => checkFilter({ "lines.sku": { $gte: "s-1" }, ...more }, valueTypes([]));
    const ids = Array.from({ length: 900 }, (_, n) => `o-${String(n).padStart(4, "0")}`);
    const wanted = ids.filter((_, n) => n % 7 > 0);

    counts = 0;
    const found = await views.find({ filter: filter({}), sort: [], limit: 900 }, call);
    expect(found.map(({ id }) => id)).toEqual(wanted);
    expect(counts).toBe(1);

    // a filter that entries alone do not answer: once for the question whether they do
    counts = 0;
    expect(await views.count(filter({ status: { $ne: "paid" } }), call)).toBe(
      wanted.filter((id) => Number(id.slice(2)) % 10 > 0).length,
    );
    expect(counts).toBe(2);
  });

  test("goes on being built where a process ended, piece by piece, and is not used before", async () => {
    const path = await manyOrders(650);
    const first = await storageAt(path).open("orders", call);
    await first.indexes?.add(indexes, call);
    // another piece, and then the process ends
    expect(await first.indexes?.build?.(call)).toBe(true);
    const unbuilt = (await first.indexes?.list(call))?.filter(({ complete }) => !complete);
    expect(unbuilt?.length).toBeGreaterThan(0);
    const other = storeAt(path);
    expect(await other.explain({ status: "paid" })).toEqual({ kind: "scan" });
    await other.edit("o-0000", "bob", to("open"));
    await other.edit("o-0649", "bob", to("paid"));
    expect(await other.count({ status: "paid" })).toBe(65);
    const store = await built(path, ...(unbuilt ?? []).map(({ name }) => name));
    expect(await store.explain({ status: "paid" })).toEqual({ kind: "index", name: "status_1" });
    expect(await store.count({ status: "paid" })).toBe(65);
    expect(await found(store, { status: "paid", _id: { $lt: "o-0011" } })).toEqual(["o-0010"]);
  });

  test("is dropped for all stores, and comes again with the next that asks for it", async () => {
    const path = newPath();
    const asking = storeAt(path, { indexes });
    await asking.create("o-1", "alice", order("open", "A"));
    const other = storeAt(path);
    expect(await listIndexes(other)).toEqual([
      { name: "lines.sku_1", keys: { "lines.sku": 1 }, complete: true },
      { name: "status_1", keys: { status: 1 }, complete: true },
    ]);
    expect(await dropIndex(other, "status_1")).toBe(true);
    expect(await dropIndex(other, "status_1")).toBe(false);
    expect(await asking.explain({ status: "open" })).toEqual({ kind: "scan" });
    await asking.edit("o-1", "alice", to("paid"));
    expect(await found(asking, { status: "paid" })).toEqual(["o-1"]);
    const again = storeAt(path, { indexes });
    expect(await again.explain({ status: "paid" })).toEqual({ kind: "index", name: "status_1" });
    expect(await found(again, { status: "paid" })).toEqual(["o-1"]);
  });

  test("has one entry for each different element of a list", async () => {
    const path = newPath();
    await storeAt(path, { indexes: [indexes[1]] }).create("o-1", "alice", order("open", "A", "B", "A"));
    const raw = rawAt(path);
    const [index] = raw.prepare('SELECT id FROM "everdraft.indexes"').all();
    expect(raw.prepare(`SELECT id FROM "everdraft.index.${index?.id}"`).all()).toHaveLength(2);
  });

  test("finds a document whose lists are too long for it", async () => {
    const path = newPath();
    const store = storeAt(path, { indexes });
    await store.create("o-1", "alice", order("open", "A"));
    await store.create("o-2", "alice", order("open", ...Array.from({ length: 1_200 }, (_, n) => `s-${n}`)));
    expect(await store.explain({ "lines.sku": "s-1100" })).toEqual({ kind: "index", name: "lines.sku_1" });
    expect(await found(store, { "lines.sku": "s-1100" })).toEqual(["o-2"]);
    expect(await found(store, { "lines.sku": { $in: ["A", "s-7"] } })).toEqual(["o-1", "o-2"]);
    expect(await found(store, { "lines.sku": { $gte: "s-1199" } })).toEqual(["o-2"]);
    expect(await store.count({ "lines.sku": "A" })).toBe(1);
  });

  test("is refused where one of its name is over other fields", async () => {
    const path = newPath();
    const options = { collection: "any", storage: storageAt(path) };
    const store = createStore<Record<string, number>>({ ...options, indexes: [{ keys: { a_1_b: 1 } }] });
    await store.create("x", "alice", { a: 1 });
    const other = createStore<Record<string, number>>({ ...options, indexes: [{ keys: { a: 1, b: 1 } }] });
    await expect(other.ready()).rejects.toMatchObject({
      code: "options",
      message: expect.stringMatching(/an index a_1_b_1 over other fields\. Drop that one first/),
    });
    for (const one of [store, other]) await one.close();
  });

  test("leads no sort astray where another program changed a document", async () => {
    const path = newPath();
    const store = storeAt(path, { indexes });
    for (const [n, status] of ["a", "b", "c", "d"].entries())
      await store.create(`o-${n}`, "alice", order(status));
    // the state of o-0 in the place of o-2: its entry says c, its state a
    rawAt(path).exec(
      "UPDATE orders SET state = (SELECT state FROM orders WHERE id = 'o-0') WHERE id = 'o-2'",
    );
    for (const way of [1, -1] as const) {
      const ids: string[] = [];
      for await (const { id } of store.find({}, { sort: { status: way } })) ids.push(id);
      expect(ids).toEqual(way === 1 ? ["o-0", "o-1", "o-3"] : ["o-3", "o-1", "o-0"]);
    }
    const { items, next } = await store.find({}, { sort: { status: 1 } }).page({ limit: 2 });
    const rest = await store.find({}, { sort: { status: 1 } }).page({ limit: 2, cursor: next ?? "" });
    expect([...items, ...rest.items].map(({ id }) => id)).toEqual(["o-0", "o-1", "o-3"]);
    await store.repair("o-2");
    expect(await found(store, { status: "c" })).toEqual(["o-2"]);
  });

  test("leaves a find to a scan where too many documents would have to be put in order", async () => {
    const path = await manyOrders(60);
    const store = storeAt(path, { indexes: [{ keys: { status: 1, "lines.sku": 1 } }] });
    expect(await store.explain({ status: "open" })).toEqual({ kind: "index", name: "status_1_lines.sku_1" });
    const raw = rawAt(path);
    const [index] = raw.prepare('SELECT id FROM "everdraft.indexes"').all();
    raw.exec(`INSERT INTO "everdraft.index.${index?.id}" (id, k0, k1)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001)
SELECT 'p-' || i, (SELECT k0 FROM "everdraft.index.${index?.id}" WHERE id = 'o-0001'), x'00' FROM n`);
    expect(await store.explain({ status: "open" })).toEqual({ kind: "scan" });
    expect(await found(store, { status: "open" })).toHaveLength(54);
  });
});

describe("an index over the rows of a projection", () => {
  test("is kept with the rows by a store of the projection without it, and goes with them", async () => {
    const path = newPath();
    const asking = storeAt(path, { projections: [perLine] });
    await asking.create("o-1", "alice", order("open", "A", "B"));
    const { indexes: _, ...bare } = perLine;
    const other = storeAt(path, { projections: [bare] });
    await other.create("o-2", "bob", order("open", "B"));
    await other.edit("o-1", "bob", (draft) => void draft.lines.shift());
    const stored = await storageAt(path).open("orders", call);
    const rows = await stored.rows("lines.v1", [], call);
    const query = { filter: { sku: { $eq: "B" } }, sort: [], limit: 10 };
    expect(await rows.explain?.(query, call)).toEqual({ kind: "index", name: "rows.lines.v1.sku_1" });
    const ofSku = async (sku: string): Promise<string[]> =>
      (await asking.rows(perLine).find({ sku }).toArray()).map(({ id }) => id);
    expect(await ofSku("B")).toEqual(["o-1", "o-2"]);
    expect(await ofSku("A")).toEqual([]);
    expect(await asking.rows(perLine).count({ sku: "B" })).toBe(2);
    const sorted = await asking
      .rows(perLine)
      .find({}, { sort: { sku: -1 } })
      .toArray();
    expect(sorted.map(({ row }) => row.sku)).toEqual(["B", "B"]);
    await stored.dropRows("lines.v1", call);
    expect(await stored.indexes?.list(call)).toEqual([]);
  });
});
