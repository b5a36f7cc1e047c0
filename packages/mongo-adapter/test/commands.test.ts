import { createStore, type Store } from "@everdraft/core";
import { workerMongo } from "@everdraft/test-server/vitest";
import { BSON, type CommandStartedEvent, type Document, type MongoClientOptions } from "mongodb";
import { describe, expect, onTestFinished, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { commandFault } from "./support/command-fault.ts";
import { newClient, newDatabase } from "./support/database.ts";

interface Order {
  n: number;
  text?: string;
  tags?: string[];
  lines?: { sku: string; qty: number }[];
}

const silent = new Set(["hello", "ping", "endSessions", "listIndexes", "createIndexes", "listCollections"]);

/** A store on a client of its own, and the commands that it sends. */
async function watched(options: MongoClientOptions = {}) {
  const client = newClient(options);
  const commands: CommandStartedEvent[] = [];
  client.on("commandStarted", (event) => {
    if (!silent.has(event.commandName)) commands.push(event);
  });
  const storage = mongoStorage(newDatabase(client));
  const opened = async (clock?: () => number, onlyWriter = false): Promise<Store<Order>> => {
    // the sweep of a store that opens would send its commands beside those of the calls
    const own = { collection: "orders", storage, onlyWriter, sweep: false };
    const store = createStore<Order>({ ...own, ...(clock && { clock }) });
    onTestFinished(() => store.close());
    await store.ready();
    return store;
  };
  return { opened, take: () => commands.splice(0) };
}

const shown = (commands: readonly CommandStartedEvent[]): string[] =>
  commands.map(({ commandName, command }) =>
    commandName === "bulkWrite" ? writesOf(command) : `${commandName} ${command[commandName]}`,
  );

function writesOf({ ops, nsInfo }: Document): string {
  const places = ops.map(({ insert, update }: Document) => {
    const { ns } = nsInfo[insert ?? update];
    return `${insert === undefined ? "update" : "insert"} ${ns.slice(ns.indexOf(".") + 1)}`;
  });
  return `one command: ${places.join(", ")}`;
}

/** An event and its view, as the server of this run is sent them. */
function together(event: string, view: string): string[] {
  return workerMongo().abilities.bulkCommand ? [`one command: ${event}, ${view}`] : [event, view];
}

/** What a command takes, without what the driver and the server tell each other in each. */
function bytesOf({ command }: CommandStartedEvent): number {
  const { lsid: _, $clusterTime: _time, ...said }: Document = command;
  return BSON.calculateObjectSize(said);
}

const sumOf = (commands: readonly CommandStartedEvent[]): number =>
  commands.reduce((sum, command) => sum + bytesOf(command), 0);

describe("the commands of a call", () => {
  // who finds no view inserts it, and looks at the head once more
  const created = [...together("insert orders.events", "insert orders"), "find orders.events"];
  const insert = together("insert orders.events", "update orders");
  const cold = ["find orders", "find orders.events"];
  // its head, and the page up to there
  const twice = ["find orders.events", "find orders.events"];

  test.each<[string, (store: Store<Order>, id: string) => Promise<unknown>, warm: string[], cold: string[]]>([
    [
      "create",
      (store, id) => store.create(`new-${id}`, "alice", { n: 1 }),
      [...cold, ...created],
      [...cold, ...created],
    ],
    ["edit", (store, id) => store.edit(id, "bob", (draft) => void draft.n++), insert, [...cold, ...insert]],
    ["an edit that changes nothing", (store, id) => store.edit(id, "bob", () => {}), cold, cold],
    [
      "delete",
      (store, id) => store.delete(id, "bob"),
      // what is taken away whole is looked at first
      ["insert orders.events", "find orders", "delete orders"],
      [...cold, "insert orders.events", "find orders", "delete orders"],
    ],
    ["get", (store, id) => store.get(id), ["find orders"], ["find orders"]],
    ["getMany", (store, id) => store.getMany([id, "o-3", "x"]), ["find orders"], ["find orders"]],
    ["read", (store, id) => store.read(id), cold, cold],
    [
      "stateAt a version",
      (store, id) => store.stateAt(id, { version: 2 }),
      ["find orders.events", "find orders.snapshots"],
      ["find orders.events", "find orders.snapshots"],
    ],
    [
      "stateAt a date",
      (store, id) => store.stateAt(id, new Date()),
      ["find orders.events", "find orders.events", "find orders.snapshots", "find orders.snapshots"],
      ["find orders.events", "find orders.events", "find orders.snapshots", "find orders.snapshots"],
    ],
    ["find", (store) => store.find({ n: 3 }).toArray(), ["find orders"], ["find orders"]],
    // those that match, and those among all that are of a newer schema
    [
      "count",
      (store) => store.count({ n: 3 }),
      ["aggregate orders", "aggregate orders"],
      ["aggregate orders", "aggregate orders"],
    ],
    ["history", (store, id) => store.history(id).toArray(), twice, twice],
  ])("%s", async (_, act, warm, inColdStore) => {
    const { opened, take } = await watched();
    // an hour ago, so that the sweeps of stores that open now pass the documents by
    const store = await opened(() => Date.now() - 3_600_000);
    for (const id of ["o-1", "o-2"]) {
      await store.create(id, "alice", { n: 1 });
      for (let n = 0; n < 2; n++) await store.edit(id, "bob", (draft) => void draft.n++);
    }
    take();
    await act(store, "o-1");
    expect(shown(take()).toSorted()).toEqual(warm.toSorted());
    await opened();
    const other = await opened();
    take();
    await act(other, "o-2");
    expect(shown(take()).toSorted()).toEqual(inColdStore.toSorted());
  });

  test("an edit sends what changed, however large the document is", async () => {
    const { opened, take } = await watched();
    const store = await opened();
    const lines = Array.from({ length: 10_000 }, (_, i) => ({ sku: `an article, number ${i}`, qty: i }));
    const order = { n: 1, lines };
    expect(BSON.calculateObjectSize(order)).toBeGreaterThan(500_000);
    await store.create("o-1", "alice", order);
    take();
    await store.edit("o-1", "bob", (draft) => void draft.n++);
    expect(sumOf(take())).toBeLessThan(1_500);
    // of an element the update holds a place in a list, and compares its length
    await store.edit("o-1", "bob", (draft) => {
      const line = draft.lines?.[7_000];
      if (line !== undefined) line.qty++;
    });
    expect(sumOf(take())).toBeLessThan(2_000);
  });

  test("an event and a view that are too large for one command are sent apart", async () => {
    const { opened, take } = await watched();
    const store = await opened();
    take();
    await store.create("o-1", "alice", { n: 1, text: "x".repeat(9_000_000) });
    expect(shown(take()).filter((command) => /insert|one/.test(command))).toEqual([
      "insert orders.events",
      "insert orders",
    ]);
  });

  test("a cold edit takes the same commands however long the history is, and begins its look for the head at the view", async () => {
    const { opened, take } = await watched();
    const store = await opened(() => Date.now() - 3_600_000);
    const lengths = [10, 1_000];
    for (const length of lengths) {
      // so large that no snapshot is due
      await store.create(`o-${length}`, "alice", { n: 1, text: "x".repeat(500_000) });
      const edit = () => store.edit(`o-${length}`, "bob", (draft) => void draft.n++, { timeoutMs: 60_000 });
      await Promise.all(Array.from({ length: length - 1 }, edit));
    }
    await store.close();
    await opened();
    for (const length of lengths) {
      const id = `o-${length}`;
      const other = await opened();
      take();
      await other.edit(id, "carol", (draft) => void draft.n++);
      // sweeps may be under way beside it
      const sent = take().filter(({ command }) => JSON.stringify(command).includes(JSON.stringify(id)));
      expect([length, shown(sent)]).toEqual([length, [...cold, ...insert]]);
      const head = sent.find(({ command }) => command.find === "orders.events");
      expect(head?.command.filter).toEqual({ doc: id, version: { $gte: length } });
    }
  });

  test("edits of different documents share their commands", async () => {
    const { opened, take } = await watched();
    const store = await opened();
    const ids = Array.from({ length: 64 }, (_, i) => `o-${i}`);
    for (const id of ids) await store.create(id, "alice", { n: 1 });
    take();
    await Promise.all(ids.map((id) => store.edit(id, "bob", (draft) => void draft.n++)));
    const sent = take();
    // the first goes out alone
    expect(new Set(shown(sent))).toEqual(new Set([...insert, "insert orders.events", "update orders"]));
    expect(sent.length).toBeLessThan(ids.length / 2);
  });
});

describe("the commands of a store", () => {
  test.each([
    ["as it comes", {}],
    ["that acknowledges nothing and reads anywhere", { w: 0, readPreference: "secondaryPreferred" }],
    [
      "with odd BSON options",
      { ignoreUndefined: true, promoteLongs: true, promoteBuffers: true, useBigInt64: false },
    ],
    [
      "that does not promote values",
      { promoteValues: false, serializeFunctions: true, enableUtf8Validation: false },
    ],
    ["without retries", { retryWrites: false, retryReads: false }],
  ] as const)("on a client %s say their concerns themselves and never change the log", async (_, options) => {
    const { opened, take } = await watched(options);
    const store = await opened();
    await store.create("o-1", "alice", { n: 1, tags: ["a"] });
    for (let n = 0; n < 12; n++) await store.edit("o-1", "bob", (draft) => void draft.n++);
    await store.delete("o-1", "bob");
    await store.restore("o-1", "alice");
    await store.revert("o-1", "carol", { version: 3 });
    expect(await store.stateAt("o-1", { version: 2 })).toEqual({ n: 2, tags: ["a"] });
    expect(await store.find({ n: 3 }).toArray()).toMatchObject([{ id: "o-1", version: 16 }]);
    expect((await store.history("o-1").toArray()).length).toBe(16);
    expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 16 });
    const sent = take();
    expect(sent.length).toBeGreaterThan(30);
    expect(sent.flatMap(({ commandName, command }) => commandFault(commandName, command) ?? [])).toEqual([]);
  });
});

describe("a command that the adapter may not send is noticed:", () => {
  const durable = { writeConcern: { w: "majority", j: true } };
  const decides = { readConcern: { level: "majority" } };
  const event = { documents: [{ doc: "a" }] };
  const one = { updates: [{ q: { _id: "a" } }] };
  const both = {
    nsInfo: [{ ns: "shop.a.events" }, { ns: "shop.a" }],
    ops: [
      { insert: 0, document: { doc: "a" } },
      { update: 1, filter: { _id: "a" } },
    ],
  };

  test.each<[string, string, Document, RegExp | undefined]>([
    ["an insert", "insert", { insert: "a.events", ...event, ...durable }, undefined],
    ["an update of the log", "update", { update: "a.events", ...durable }, /only added to/],
    ["a deletion from the log", "delete", { delete: "a.events", ...durable }, /only added to/],
    ["all indexes lost", "dropIndexes", { dropIndexes: "a.events" }, /only added to/],
    ["a lost index", "dropIndexes", { dropIndexes: "a.events", index: "doc_1_version_1" }, /only added to/],
    [
      "an index of a store's own",
      "dropIndexes",
      { dropIndexes: "a.events", index: "by_1_at_1_doc_1_version_1" },
      undefined,
    ],
    ["the end of the log", "drop", { drop: "a.events" }, /only added to/],
    ["an insert that is not durable", "insert", { insert: "a.events", ...event }, /majority and j/],
    ["a view that is not durable", "update", { update: "a", writeConcern: { w: 1 } }, /majority and j/],
    ["a commit that is not durable", "commitTransaction", { commitTransaction: "it" }, /majority and j/],
    ["an event and its view", "bulkWrite", { ...both, ordered: true, ...durable }, undefined],
    ["both that are not durable", "bulkWrite", { ...both, ordered: true }, /majority and j/],
    ["both in any order", "bulkWrite", { ...both, ordered: false, ...durable }, /an event that lost/],
    [
      "an update of the log beside others",
      "bulkWrite",
      { ...both, ops: [{ update: 0 }], ordered: true, ...durable },
      /only added to/,
    ],
    [
      "a view that is inserted by an update",
      "bulkWrite",
      { ...both, ops: [{ update: 1, filter: { _id: "a" }, upsert: true }], ordered: true, ...durable },
      /an update that inserts/,
    ],
    ["a view in a transaction", "update", { update: "a", ...one, autocommit: false }, undefined],
    [
      "an event without a document",
      "insert",
      { insert: "a.events", documents: [{}], ...durable },
      /shard key doc/,
    ],
    ["a read", "find", { find: "a.events", filter: { doc: "a" }, ...decides }, undefined],
    ["a read that names nothing", "find", { find: "a.events", filter: {}, ...decides }, /shard key doc/],
    [
      "a read of an event by its id alone",
      "find",
      { find: "a.events", filter: { _id: "e" }, ...decides },
      /key doc/,
    ],
    [
      "a read of a range of documents",
      "find",
      { find: "a.events", filter: { doc: { $gt: "a" } }, sort: { doc: 1 }, ...decides },
      /shard key doc/,
    ],
    [
      "changes in another order than that of their index",
      "find",
      { find: "a.events", filter: { at: { $gt: 1 } }, sort: { at: 1 }, ...decides },
      /shard key doc/,
    ],
    ["a snapshot", "find", { find: "a.snapshots", filter: { doc: { $in: ["a"] } }, ...decides }, undefined],
    ["a snapshot of any", "find", { find: "a.snapshots", filter: { version: 1 }, ...decides }, /key doc/],
    ["a view", "update", { update: "a", ...one, ...durable }, undefined],
    ["a view by a field", "update", { update: "a", updates: [{ q: { n: 1 } }], ...durable }, /shard key _id/],
    ["all views", "delete", { delete: "a", deletes: [{ q: {}, limit: 0 }], ...durable }, /shard key _id/],
    [
      "the older rows of a document",
      "delete",
      { delete: "a.rows.lines.v1", deletes: [{ q: { "_everdraft.doc": "a" }, limit: 0 }], ...durable },
      undefined,
    ],
    [
      "a view by a field beside its event",
      "bulkWrite",
      { ...both, ops: [{ update: 1, filter: { n: 1 } }], ordered: true, ...durable },
      /shard key _id/,
    ],
    ["a read that may be rolled back", "find", { find: "a", filter: {} }, /from the majority/],
    [
      "a read of others",
      "find",
      { find: "a", filter: {}, ...decides, $readPreference: { mode: "nearest" } },
      /from the primary/,
    ],
  ])("%s", (_, name, command, fault) => {
    if (fault === undefined) expect(commandFault(name, command)).toBeUndefined();
    else expect(commandFault(name, command)).toMatch(fault);
  });
});

test("a store whose library alone writes the views asks for the version of a state that it has", async () => {
  const { opened, take } = await watched();
  const [store, other] = [await opened(undefined, true), await opened()];
  await store.create("o-1", "alice", { n: 1 });
  const stored = async (): Promise<unknown[]> => {
    take();
    const state = await store.get("o-1");
    const [sent, ...more] = take();
    expect(more).toEqual([]);
    return [state, sent?.command.projection];
  };
  const facts = { "_everdraft.version": 1, "_everdraft.head": 1 };
  expect(await stored()).toEqual([{ n: 1 }, facts]);
  // a state that it does not have is read, after the version that says so
  await other.edit("o-1", "bob", (draft) => void draft.n++);
  take();
  expect(await store.getMany(["o-1", "o-2"])).toEqual([{ n: 2 }, undefined]);
  expect(take().map(({ command }) => command.projection)).toEqual([facts, undefined]);
  await other.delete("o-1", "bob");
  expect(await store.get("o-1")).toBeUndefined();
});
