import { readFileSync } from "node:fs";
import { createStore, defineProjection, type Store } from "@everdraft/core";
import * as upkeep from "@everdraft/core/upkeep";
import type { CommandStartedEvent, MongoClient } from "mongodb";
import { beforeAll, expect, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { newClient, newDatabase } from "./support/database.ts";
import { keysOf, type Operation, operationsOf } from "./support/sharded/shard-keys.ts";

interface Order {
  n: number;
  text?: string;
}

const lines = defineProjection({
  name: "lines",
  version: 1,
  rows: (order: { readonly n: number }) => [{ n: order.n }],
});

/** The calls of a store that send anything by themselves. */
type StoreCall = Exclude<keyof Store<Order>, "as" | "ready" | "close" | "rows" | "asOf" | symbol>;
type Call = (store: Store<Order>) => unknown;

const storeCalls: Readonly<Record<StoreCall, Call>> = {
  create: (store) => store.create("new", "bob", { n: 1 }),
  edit: (store) => store.edit("d", "bob", (draft) => void delete draft.text),
  replace: (store) => store.replace("d", "bob", { n: 7 }),
  delete: (store) => store.delete("d", "bob"),
  restore: (store) => store.restore("gone", "bob"),
  revert: (store) => store.revert("d", "bob", { version: 1 }),
  planRevert: (store) => store.planRevert("d", { version: 1 }),
  undo: (store) => store.undo("d", "bob", { version: 2 }, { onConflict: "take" }),
  redo: async (store) => {
    await store.undo("d", "bob", { version: 2 }, { onConflict: "take" });
    await store.redo("d", "bob");
  },
  planUndo: (store) => store.planUndo("d", { version: 2 }),
  get: (store) => store.get("d"),
  getMany: (store) => store.getMany(["d", "e"]),
  exists: (store) => store.exists("d"),
  read: (store) => store.read("d"),
  stateAt: async (store) => {
    await store.stateAt("d", { version: 2 });
    await store.stateAt("d", new Date());
  },
  diff: (store) => store.diff("d", { version: 1 }, { version: 2 }),
  blame: (store) => store.blame("d"),
  history: (store) => store.history("d").toArray(),
  changes: (store) => store.changes().toArray(),
  activity: (store) => store.activity({ bucket: "day" }),
  find: (store) => store.find({ n: 2 }).toArray(),
  count: (store) => store.count({ n: 2 }),
  explain: (store) => store.explain({ n: 2 }),
  import: (store) => {
    const revision = { at: new Date(0), by: "bob", state: { n: 1 } };
    return store.import([
      { id: "i-1", ...revision },
      { id: "i-2", ...revision },
    ]);
  },
  resolve: (store) => store.resolve("d", { eventId: "e", version: 2 }),
  verify: (store) => store.verify("d"),
  repair: (store) => store.repair("d"),
  sweep: (store) => store.sweep(),
};

/** A schema to which all documents have to be brought up. */
const newer = {
  schemaVersion: 2,
  migrations: { 1: (order: Order): Order => ({ ...order, n: order.n + 1 }) },
};

const upkeepCalls: Readonly<Record<keyof typeof upkeep, Call>> = {
  rebuild: async (store) => {
    await upkeep.rebuild(store, { projection: "view" });
    await upkeep.rebuild(store, { projection: "lines" });
  },
  verify: (store) => upkeep.verify(store),
  migrate: (store) => upkeep.migrate(store, "bob"),
  inspect: (store) => upkeep.inspect(store),
  countBehind: (store) => upkeep.countBehind(store),
  listIndexes: (store) => upkeep.listIndexes(store),
  dropIndex: (store) => upkeep.dropIndex(store, "n_1"),
  dropOldRows: (store) => upkeep.dropOldRows(store, "lines"),
};

/** Before all events. */
const long = new Date(0);
const rowCalls: Readonly<Record<string, Call>> = {
  "rows().of": (store) => store.rows(lines).of("d"),
  "rows().find": (store) => store.rows(lines).find({ n: 2 }).toArray(),
  "rows().count": (store) => store.rows(lines).count({ n: 2 }),
};

const datedCalls: Readonly<Record<string, Call>> = {
  "asOf().get": (store) => store.asOf(long).get("d"),
  "asOf().getMany": (store) => store.asOf(long).getMany(["d", "e"]),
  "asOf().find": (store) => store.asOf(long).find({ n: 1 }).toArray(),
  "asOf().count": (store) => store.asOf(long).count({ n: 1 }),
};

/** The name of the call on a whole store, where the store has one of the same name. */
const wholeVerify = "verify (all)";

const calls: readonly (readonly [string, Call])[] = [
  ...Object.entries(storeCalls),
  ...Object.entries(rowCalls),
  ...Object.entries(datedCalls),
  ...Object.entries(upkeepCalls).map(
    ([name, call]) => [name === "verify" ? wholeVerify : name, call] as const,
  ),
];

const parts = {
  log: /^orders\.events$/,
  documents: /^orders$/,
  snapshots: /^orders\.snapshots$/,
  rows: /^orders\.rows\./,
};

/** How many shards operations go to at most: of one key, of several keys, or all of them. */
function reach(operations: readonly Operation[]): string {
  if (operations.length === 0) return "";
  const keys = operations.map(keysOf);
  if (keys.some((values) => values?.every((value) => value !== undefined) !== true)) return "all";
  return new Set(keys.flat().map(String)).size === 1 ? "one" : "several";
}

/** Calls that change the documents, so that each needs some of its own. */
const changing = new Set([
  ...["create", "edit", "replace", "delete", "restore", "revert", "undo", "redo"],
  ...["import", "repair"],
  ...["rebuild", "migrate"],
]);

type Open = (clock?: () => number, schema?: object) => Store<Order>;

async function filled(client: MongoClient): Promise<Open> {
  const storage = mongoStorage(newDatabase(client));
  const open: Open = (clock, schema = {}) => {
    const options = { collection: "orders", storage, projections: [lines], ...(clock && { clock }) };
    return createStore<Order>({ ...options, ...schema });
  };
  // an hour ago, so that no sweep looks at the documents
  await fill(open(() => Date.now() - 3_600_000));
  return open;
}

/** A row of the table: the name of the call, and its reach in each part. */
async function rowOf(
  client: MongoClient,
  open: Open,
  [name, call]: (typeof calls)[number],
): Promise<string[]> {
  const store = open(undefined, name === "migrate" ? newer : {});
  await store.ready();
  await store.sweep();
  await store.sweep();
  const commands: CommandStartedEvent[] = [];
  const note = (event: CommandStartedEvent): number => commands.push(event);
  client.on("commandStarted", note);
  await call(store);
  // ends when snapshots and rows are written, for which no call waits
  await store.close();
  client.off("commandStarted", note);
  const operations = commands.flatMap(({ commandName, command }) => operationsOf(commandName, command));
  const of = (part: RegExp): string => reach(operations.filter(({ collection }) => part.test(collection)));
  return [name, ...Object.values(parts).map(of)];
}

/** Documents of which the next event is heavy enough for a snapshot, and a deleted one. */
async function fill(store: Store<Order>): Promise<void> {
  await upkeep.rebuild(store, { projection: "lines" });
  for (const id of ["d", "e", "gone"]) {
    await store.create(id, "alice", { n: 1 });
    for (const letter of ["x", "y"])
      await store.edit(id, "alice", (draft) => {
        draft.text = letter.repeat(20_000);
      });
  }
  await store.delete("gone", "alice");
  await store.close();
}

/** The rows of the page's table of calls. */
function tableOf(page: string): readonly (readonly string[])[] {
  const begin = page.indexOf("| call | log |");
  const [, , ...rows] = page.slice(begin, page.indexOf("\n\n", begin)).split("\n");
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, 6)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

const page = readFileSync(new URL("../../../docs/scaling.md", import.meta.url), "utf8");
const found: (readonly string[])[] = [];
beforeAll(async () => {
  const client = newClient();
  const shared = await filled(client);
  for (const call of calls)
    found.push(await rowOf(client, changing.has(call[0]) ? await filled(client) : shared, call));
});

test("each call of a store and of upkeep goes to the shards that docs/scaling.md tells", () => {
  expect(tableOf(page)).toEqual(found);
});

test("no call on one document asks all shards for events, current documents or snapshots", () => {
  const ofAll = new Set(["changes", "activity", "find", "count", "explain", "sweep"]);
  for (const name of ["rows().find", "rows().count", "asOf().find", "asOf().count"]) ofAll.add(name);
  for (const name of Object.keys(upkeepCalls)) ofAll.add(name === "verify" ? wholeVerify : name);
  const ofDocuments = found.filter(([name = ""]) => !ofAll.has(name));
  expect(ofDocuments.length).toBeGreaterThan(15);
  expect(ofDocuments.filter(([, ...reached]) => reached.slice(0, 3).includes("all"))).toEqual([]);
});
