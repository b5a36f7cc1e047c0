import { createStore, defineProjection, type Notice, type State } from "@everdraft/core";
import type { RowStore, Storage } from "@everdraft/core/adapter";
import { expect, onTestFinished, test } from "vitest";
import { appendOf, call, newPath, ordersAt, rawAt, storageAt } from "./support/fixtures.ts";

interface Order {
  readonly qty: number;
}

const quantities = defineProjection({
  name: "quantities",
  version: 1,
  rows: ({ qty }: State<Order>) => ({ qty }),
});
const changes = defineProjection<{ changes: number; last: number }>({
  name: "changes",
  version: 1,
  fold: (row, { version }) => ({ changes: (row?.changes ?? 0) + 1, last: version }),
});

/** The storage, and the documents whose rows were written in a transaction of their own. */
function watched(beneath: Storage<string>): { readonly storage: Storage<string>; readonly alone: unknown[] } {
  const alone: unknown[] = [];
  const storage: Storage<string> = {
    ...beneath,
    open: async (collection, call) => {
      const opened = await beneath.open(collection, call);
      return {
        ...opened,
        rows: async (...given): Promise<RowStore> => {
          const rows = await opened.rows(...given);
          return {
            ...rows,
            write: (set, ...rest) => {
              alone.push(set.doc);
              return rows.write(set, ...rest);
            },
          };
        },
      };
    },
  };
  return { storage, alone };
}

const ordersOn = (storage: Storage<string>, notices: Notice[] = []) => {
  const store = createStore<Order>({
    collection: "orders",
    storage,
    projections: [quantities, changes],
    onNotice: (notice) => void notices.push(notice),
  });
  onTestFinished(() => store.close());
  return store;
};

test("edits and imports write the rows of projections in the transaction of their events", async () => {
  const { storage, alone } = watched(storageAt(newPath()));
  const store = ordersOn(storage);
  await store.create("o-1", "ana", { qty: 1 });
  await Promise.all(
    [2, 3, 4].map((qty) =>
      store.edit("o-1", "ana", (draft) => {
        draft.qty = qty;
      }),
    ),
  );
  const revisions = [0, 1, 2].map((n) => ({
    id: `i-${n % 2}`,
    at: new Date(1_000 + n),
    by: "ben",
    state: { qty: n },
  }));
  await store.import(revisions);
  await store.delete("i-1", "ben");
  expect(alone).toEqual([]);
  const ofQuantities = await store.rows(quantities).find().toArray();
  expect(ofQuantities.map(({ id, row }) => [id, row])).toEqual([
    ["i-0", { qty: 2 }],
    ["o-1", { qty: 4 }],
  ]);
  const ofChanges = await store.rows(changes).find().toArray();
  expect(ofChanges.map(({ id, row }) => [id, row])).toEqual([
    ["i-0", { changes: 2, last: 2 }],
    ["o-1", { changes: 4, last: 4 }],
  ]);
});

test("events whose rows the table refuses are stored without them, and a notice names the rows", async () => {
  const path = newPath();
  const notices: Notice[] = [];
  const store = ordersOn(storageAt(path), notices);
  await store.create("o-1", "ana", { qty: 1 });
  rawAt(path).exec(`CREATE TRIGGER guard BEFORE INSERT ON "orders.rows.quantities.v1" WHEN new.doc = 'bad'
    BEGIN SELECT RAISE(ROLLBACK, 'not this one'); END`);
  const ids = ["a", "bad", "c"];
  const written = await Promise.all(ids.map((id) => store.create(id, "ana", { qty: 5 })));
  expect(written.map(({ version, view }) => [version, view])).toEqual(ids.map(() => [1, "current"]));
  expect(notices.map(({ type }) => type)).toEqual(["projection-failed"]);
  expect(notices).toEqual([expect.objectContaining({ id: "bad", version: 1 })]);
  const rows = await store.rows(quantities).find().toArray();
  expect(rows.map(({ id }) => id)).toEqual(["a", "c", "o-1"]);
  expect(await store.rows(changes).count({})).toBe(4);
  rawAt(path).exec("DROP TRIGGER guard");
  await store.edit("bad", "ana", (draft) => {
    draft.qty = 6;
  });
  expect(await store.rows(quantities).count({ qty: 6 })).toBe(1);
});

test("an import stores events whose rows are refused or cannot be made without them, and notices name the rows", async () => {
  const path = newPath();
  const notices: Notice[] = [];
  const picky = defineProjection({
    name: "picky",
    version: 1,
    rows: ({ qty }: State<Order>) => {
      if (qty === 13) throw new Error("no such row");
      return { qty };
    },
  });
  const storage = storageAt(path);
  const onNotice = (notice: Notice): void => void notices.push(notice);
  const projections = [quantities, picky];
  const store = createStore<Order>({ collection: "orders", storage, projections, onNotice });
  onTestFinished(() => store.close());
  await store.create("o-1", "ana", { qty: 1 });
  rawAt(path).exec(`CREATE TRIGGER guard BEFORE INSERT ON "orders.rows.quantities.v1" WHEN new.doc = 'refused'
    BEGIN SELECT RAISE(ABORT, 'not this one'); END`);
  const ids = ["a", "refused", "thrown", "z"];
  const revisions = ids.map((id) => ({
    id,
    at: new Date(1_000),
    by: "ben",
    state: { qty: id === "thrown" ? 13 : 5 },
  }));
  expect(await store.import(revisions)).toMatchObject({ events: 4, refused: 0, conflicts: [] });
  const told = notices.map(({ type, ...rest }) => [type, "id" in rest && rest.id]);
  expect(told.toSorted()).toEqual([
    ["projection-failed", "refused"],
    ["projection-failed", "thrown"],
  ]);
  const of = async (projection: typeof quantities): Promise<unknown[]> =>
    (await store.rows(projection).find().toArray()).map(({ id }) => id);
  expect(await of(quantities)).toEqual(["a", "o-1", "thrown", "z"]);
  expect(await of(picky)).toEqual(["a", "o-1", "refused", "z"]);
  for (const id of ids) expect(await store.verify(id)).toMatchObject({ ok: true, version: 1 });
});

test("rows whose table somebody dropped fail no write and keep no reader of documents waiting", async () => {
  const path = newPath();
  const notices: Notice[] = [];
  const store = ordersOn(storageAt(path), notices);
  await store.create("o-1", "ana", { qty: 1 });
  rawAt(path).exec('DROP TABLE "orders.rows.quantities.v1"');
  // less than a reader of rows waits
  const soon = { timeoutMs: 900 };
  expect(await store.create("o-2", "ana", { qty: 2 })).toMatchObject({ version: 1, view: "current" });
  expect(await store.get("o-2", soon)).toEqual({ qty: 2 });
  expect(await store.find({ qty: 2 }, soon).toArray()).toHaveLength(1);
  expect(await store.count({}, soon)).toBe(2);
  expect(notices.map(({ type }) => type)).toContain("rows-behind");
});

test("an event whose rows are refused is stored without them, whatever is committed at the same time", async () => {
  const path = newPath();
  const { log, rows } = await ordersAt(path);
  await rows("quantities.v1", [], call);
  rawAt(path).exec(`CREATE TRIGGER guard BEFORE INSERT ON "orders.rows.quantities.v1"
    BEGIN SELECT RAISE(ROLLBACK, 'none'); END`);
  const set = { doc: "bad", version: 1, rows: [{ qty: 1 }] };
  const bad = { ...appendOf({ doc: "bad" }), rows: [{ name: "quantities.v1", set }] };
  const commits = [bad, appendOf({ doc: "good" })].map((append) => log.commit([append], "independent", call));
  const stored = { event: "stored", view: "current" };
  expect((await Promise.all(commits)).flat()).toEqual([stored, stored]);
});
