import { createStore } from "@everdraft/core";
import { workerMongo } from "@everdraft/test-server/vitest";
import type { CommandStartedEvent, Db, Document } from "mongodb";
import { expect, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { appendOf, call } from "./support/build.ts";
import { byHand, newClient, newDatabase } from "./support/database.ts";

/** The stages of a plan, the outermost first. */
function stagesOf(plan: Document): string[] {
  const inner = [plan.inputStage, ...(plan.inputStages ?? [])].filter((stage) => stage !== undefined);
  return [plan.stage, ...inner.flatMap(stagesOf)];
}

/** The command without what belongs to one sending of it. */
function askedBy({ command, commandName }: CommandStartedEvent): Document {
  const { lsid: _, $db: _db, $clusterTime: _time, txnNumber: _txn, maxTimeMS: _max, ...asked } = command;
  return { [commandName]: command[commandName], ...asked };
}

async function planOf(db: Db, asked: Document): Promise<string[]> {
  const { queryPlanner, stages } = await db.command({ explain: asked, verbosity: "queryPlanner" });
  const planner = queryPlanner ?? stages[0].$cursor.queryPlanner;
  return stagesOf(planner.winningPlan.queryPlan ?? planner.winningPlan);
}

const shape = (asked: Document): string =>
  JSON.stringify([asked.find ?? asked.aggregate, filterOf(asked), asked.sort ?? {}]);

const filterOf = ({ filter, pipeline }: Document): Document => filter ?? pipeline[0].$match;

/** Whether a query over views or rows names nothing that has an index of ours, so only one of the user's could serve it. */
function isFullScan(asked: Document): boolean {
  const isOverFields = /^orders(\.rows\.lines\.v1)?$/.test(asked.find ?? asked.aggregate);
  return (
    isOverFields && !/"(_id|_everdraft\.doc|_everdraft\.schema|sku)"/.test(JSON.stringify(filterOf(asked)))
  );
}

test("no query that the adapter can send scans a collection, but finds and counts over no index", async () => {
  const client = newClient();
  const db = newDatabase(client);
  const storage = mongoStorage(db);
  const collection = await storage.open("orders", call);
  const { log, views, snapshots, checkpoints } = collection;
  for (let i = 0; i < 20; i++) {
    const appends = Array.from({ length: 20 }, (_, j) => appendOf({ doc: `d-${i}`, version: j + 1 }));
    await log.commit(appends, "chain", call);
  }
  const commands: CommandStartedEvent[] = [];
  client.on("commandStarted", (event) => {
    if (/^(find|aggregate|update|delete)$/.test(event.commandName)) commands.push(event);
  });
  const { at } = appendOf({ doc: "d-1" }).event;
  const after = { at, doc: "d-3", version: 1 };
  await log.read("d-1", { from: 3, to: 9, limit: 100 }, call);
  for (const known of [0, 15]) await log.head("d-1", known, call);
  await log.byId("d-1", "some-id", call);
  await log.documents({ limit: 100 }, call);
  for (const id of ["d-5", 7]) await log.documents({ after: id, limit: 3 }, call);
  for (const order of ["oldest", "newest"] as const) {
    for (const narrowed of [{}, { by: "alice" }, { type: "edited" as const }]) {
      await log.changes({ order, limit: 10, ...narrowed }, call);
      await log.changes({ order, from: at, to: at + 2_000, limit: 10, ...narrowed }, call);
      await log.changes({ order, after, limit: 10, ...narrowed }, call);
    }
  }
  await views.get(["d-1"], call);
  await views.get(["d-1", "d-2"], call);
  await views.find({ filter: { _id: { $eq: "d-1" } }, sort: [], limit: 10 }, call);
  await views.find({ filter: {}, sort: [], after: { id: "d-5", values: [] }, limit: 10 }, call);
  // views of an older or newer schema are looked for by every find by fields
  await views.find({ filter: {}, sort: [], limit: 1, schema: { from: 2 } }, call);
  await views.count({}, call, { from: 2 });
  await snapshots.around("d-1", { version: 3 }, call);
  await snapshots.around("d-1", { date: at }, call);
  await snapshots.drop("d-1", 3, call);
  await snapshots.drop("d-1", "all", call);
  await checkpoints.put("sweep", { at: 1 }, call);
  await checkpoints.get("sweep", call);
  const rows = await collection.rows("lines.v1", [{ keys: { sku: 1 } }], call);
  for (const version of [1, 2])
    await rows.write({ doc: "d-1", version, rows: [{ sku: "A" }, { sku: "B" }] }, "lower", call);
  await rows.write({ doc: "d-1", version: 2, rows: [{ sku: "A" }] }, "any", call);
  for (const version of [3, 4]) await rows.writeMany?.([{ doc: "d-1", version, rows: [{ sku: "A" }] }], call);
  await rows.get(["d-1", "d-2"], call);
  await rows.find({ filter: { sku: { $eq: "A" } }, sort: [], limit: 10 }, call);
  await rows.find({ filter: {}, sort: [], limit: 10 }, call);
  await rows.count({ sku: { $eq: "A" } }, call);
  await rows.documents({ limit: 10 }, call);
  // and what a store makes of all that, full scans included
  const store = createStore<{ n: number }>({ collection: "orders", storage });
  await store.create("e-1", "alice", { n: 1 });
  for (let n = 0; n < 3; n++) await store.edit("e-1", "bob", (draft) => void draft.n++);
  await store.revert("e-1", "carol", { version: 1 });
  await store.stateAt("e-1", new Date());
  await store.diff("e-1", { version: 1 }, { version: 2 });
  await store.history("e-1", { by: "bob" }).toArray();
  await store.changes({ by: "bob" }).toArray();
  await store.find({ n: 1 }, { limit: 1 }).toArray();
  await store.count({ n: 1 });
  await store.verify("e-1");
  await store.repair("e-1");
  await store.delete("e-1", "bob");
  await store.sweep();
  await store.close();
  await storage.close();

  const shapes = new Map(commands.flatMap((event) => queriesOf(event)).map((asked) => [shape(asked), asked]));
  expect(shapes.size).toBeGreaterThan(40);
  const scanned: unknown[] = [];
  let fullScans = 0;
  for (const [name, asked] of shapes) {
    const told = workerMongo().abilities.wholePlans ? asked : asRoughlyTold(asked);
    if (told === undefined || !(await planOf(byHand(db), told)).includes("COLLSCAN")) continue;
    if (isFullScan(asked)) fullScans++;
    else scanned.push(name);
  }
  expect(scanned).toEqual([]);
  expect(fullScans).toBeGreaterThan(0);
});

/** What a command looks for: updates and deletions as the finds that they begin with. */
function queriesOf(event: CommandStartedEvent): Document[] {
  const { command, commandName } = event;
  if (commandName === "find" || commandName === "aggregate") return [askedBy(event)];
  const found: readonly Document[] = command.updates ?? command.deletes;
  return found.map(({ q }) => ({ find: command[commandName], filter: q }));
}

/**
 * What SecantusDB's explain can be asked, and that of servers like it. It calls a scan what has any condition beside those
 * that an index serves, and answers it from the index all the same (1 ms of 10,000 documents), so these are left out. A
 * page behind an id really is a scan there.
 */
function asRoughlyTold(asked: Document): Document | undefined {
  const filter = filterOf(asked);
  if (JSON.stringify(filter).startsWith('{"_id":{"$g')) return undefined;
  const ofSchemas = filter.$and?.find((part: Document) => "_everdraft.schema" in part);
  if (ofSchemas !== undefined) return { find: asked.find ?? asked.aggregate, filter: ofSchemas };
  const { _id, "_everdraft.doc": ofDoc } = filter;
  if (ofDoc !== undefined) return { ...asked, filter: { "_everdraft.doc": ofDoc } };
  if (_id !== undefined) return { ...asked, filter: { _id } };
  const { by: _, type: _type, ...served } = filter;
  return { ...asked, filter: served };
}
