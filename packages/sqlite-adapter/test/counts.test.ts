// The work of each call, counted: rows read, statements that write, pages written. Counts are the same on every machine, so
// they are compared with those that are kept (counts.json). UPDATE=1 writes them anew: look at the difference before it is
// committed.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStore, defineProjection, type Revision, type Store, type StoreOptions } from "@everdraft/core";
import { rebuild, verify } from "@everdraft/core/upkeep";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { sqliteStorage } from "../src/index.ts";
import { countEngine } from "./support/counted-engine.ts";
import { rawAt } from "./support/fixtures.ts";

interface Line {
  readonly sku: string;
  readonly qty: number;
}
interface Order {
  readonly status: string;
  readonly lines: readonly Line[];
}

/** The work that a call did. */
interface Counts {
  readonly read: number;
  readonly writes: number;
  readonly pages: number;
}

let counted = { read: 0, writes: 0 };
beforeAll(async () => {
  // long work gives others their turn by the clock, and then reads on: that would count by how fast the machine is
  vi.spyOn(performance, "now").mockReturnValue(0);
  await countEngine({
    read: (rows) => {
      counted.read += rows;
    },
    wrote: () => {
      counted.writes++;
    },
  });
});

const kept = new URL("counts.json", import.meta.url);
const isUpdate = process.env.UPDATE === "1";
const wanted: Record<string, Counts> = isUpdate ? {} : JSON.parse(readFileSync(kept, "utf8"));
const found: Record<string, Counts> = {};
afterAll(() => {
  vi.restoreAllMocks();
  if (isUpdate) writeFileSync(kept, `${JSON.stringify(found, null, 2)}\n`);
});

const order = (lines: number): Order => ({
  status: "open",
  lines: Array.from({ length: lines }, (_, i) => ({ sku: `sku-${i}`, qty: i })),
});
const pay = (store: Store<Order>, id: string, i = 0) =>
  store.edit(id, "bob", (draft) => {
    const line = draft.lines[i % draft.lines.length];
    if (line !== undefined) line.qty += 1;
  });

type Options = Partial<StoreOptions<Order, string>>;

/** The pages that the write-ahead log holds: a header of 32 bytes, then 24 bytes and a page for each. */
function pagesIn(path: string): number {
  return Math.max(0, statSync(`${path}-wal`).size - 32) / (24 + 4_096);
}

/** The work of a call on a file that was filled, by a store that has just opened or by the one that filled it. */
async function countsOf(
  fill: (store: Store<Order>) => Promise<unknown>,
  call: (store: Store<Order>) => Promise<unknown>,
  { isWarm, ...options }: Options & { readonly isWarm: boolean },
): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), "everdraft-counts-"));
  const path = join(folder, "counts.db");
  const storage = sqliteStorage(path);
  let time = 1_700_000_000_000;
  const made = () =>
    createStore<Order>({ collection: "orders", storage, clock: () => time++, sweep: false, ...options });
  const filling = made();
  await fill(filling);
  const store = isWarm ? filling : made();
  await store.ready();
  // so that the log does not begin anew in the middle of the call
  rawAt(path).exec("PRAGMA wal_checkpoint(TRUNCATE)");
  counted = { read: 0, writes: 0 };
  await call(store);
  const counts = { ...counted, pages: pagesIn(path) };
  await Promise.all([filling.close(), store.close()]);
  await storage.close();
  rmSync(folder, { recursive: true });
  return counts;
}

/** A document of about 1 KB (or 20 KB), with so many events. */
const filled =
  (events: number, lines = 20) =>
  async (store: Store<Order>): Promise<void> => {
    await store.create("o-1", "alice", order(lines));
    for (let i = 1; i < events; i++) await pay(store, "o-1", i);
  };
const many = async (store: Store<Order>): Promise<void> => {
  for (let i = 0; i < 100; i++)
    await store.create(`o-${i}`, "alice", { ...order(5), status: i % 10 === 0 ? "paid" : "open" });
};
const lines = defineProjection({
  name: "lines",
  version: 1,
  rows: (state: Order) => state.lines.map((line) => ({ ...line })),
});
const indexes = [{ keys: { status: 1 as const } }];
function* revisions(): Generator<Revision<Order>> {
  for (let i = 0; i < 100; i++)
    yield {
      id: `o-${i % 10}`,
      at: new Date(1_000 * i),
      by: "alice",
      state: { ...order(5), status: `s-${i}` },
    };
}

type Case = readonly [
  name: string,
  fill: (store: Store<Order>) => Promise<unknown>,
  call: (store: Store<Order>) => Promise<unknown>,
  options?: Options & { readonly isWarm?: boolean },
];
const nothing = async (): Promise<void> => undefined;
const warm = { isWarm: true };
const cases: readonly Case[] = [
  ["create", nothing, (store) => store.create("o-1", "alice", order(20))],
  ["edit, cached", filled(10), (store) => pay(store, "o-1"), warm],
  ["edit, not cached", filled(10), (store) => pay(store, "o-1")],
  ["edit behind 1,000 events, not cached", filled(1_000), (store) => pay(store, "o-1")],
  ["edit of 20 KB, cached", filled(10, 500), (store) => pay(store, "o-1"), warm],
  ["edit with an index, which stays", filled(10), (store) => pay(store, "o-1"), { ...warm, indexes }],
  ["edit with a projection", filled(10), (store) => pay(store, "o-1"), { ...warm, projections: [lines] }],
  [
    "64 edits of different documents at once",
    many,
    (store) => Promise.all(Array.from({ length: 64 }, (_, i) => pay(store, `o-${i}`))),
    warm,
  ],
  ["get, cached", filled(10), (store) => store.get("o-1"), warm],
  ["get, not cached", filled(10), (store) => store.get("o-1")],
  ["read", filled(10), (store) => store.read("o-1")],
  ["stateAt of version 777 of 1,000", filled(1_000), (store) => store.stateAt("o-1", { version: 777 })],
  [
    "the newest 20 of 1,000 events",
    filled(1_000),
    (store) => store.history("o-1", { order: "newest", limit: 20 }).toArray(),
  ],
  ["find by a scan", many, (store) => store.find({ status: "paid" }).toArray()],
  ["find by an index", many, (store) => store.find({ status: "paid" }).toArray(), { indexes }],
  ["import of 100 revisions", nothing, (store) => store.import(revisions())],
  ["verify of 100 documents", many, (store) => verify(store)],
  [
    "rebuild of 100 documents",
    many,
    (store) => rebuild(store, { projection: "lines" }),
    { projections: [lines] },
  ],
];

test.each(cases.map(([name, fill, call, options]) => ({ name, fill, call, options })))(
  "$name",
  { timeout: 60_000 },
  async ({ name, fill, call, options }) => {
    const counts = await countsOf(fill, call, { isWarm: false, ...options });
    found[name] = counts;
    if (!isUpdate) expect(counts).toEqual(wanted[name]);
  },
);

test("all kept counts are those of a call", () => {
  expect(Object.keys(isUpdate ? found : wanted)).toEqual(cases.map(([name]) => name));
});
