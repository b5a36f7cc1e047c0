import { createStore, type Store } from "@everdraft/core";
import { mongoStorage } from "@everdraft/mongo-adapter";
import { findServer } from "@everdraft/test-server";
import { randomFrom } from "@everdraft/testkit/random";
import { type Db, type Document, MongoClient } from "mongodb";
import { changeLine, makeOrder, type Order } from "./documents.ts";
import { interleave, type Length, spread } from "./harness.ts";
import { events, writeHistory } from "./history.ts";
import { concerns, type RawMongo, rawMongo } from "./raw-mongo.ts";
import { type Meant, printHeading, printRatio, printRow } from "./report.ts";
import { collection } from "./scratch.ts";

const editors = 64;
const length: Length = { rounds: 21, ms: 200 };
const patient = { timeoutMs: 120_000 };

/** The server does most of the work, so aims are meant by the wall clock. */
const atMost = (value: number): Meant => ({ aim: { at: "most", value }, clock: "wall" });

/** The store on a MongoDB against the bare driver on the same server. */
export async function compareMongo(): Promise<void> {
  const server = await findServer();
  const client = new MongoClient(server.uri);
  try {
    for (const bytes of [1_000, 20_000]) {
      const db = client.db(`everdraft-bench-${bytes}-${process.pid}`);
      printHeading(`MongoDB (${server.what}), documents of ${bytes / 1_000} KB`);
      await compareAt(bytes, db);
      if (server.stays) await db.dropDatabase();
    }
  } finally {
    await client.close();
    await server.stop();
  }
}

async function compareAt(bytes: number, db: Db): Promise<void> {
  const storage = mongoStorage(db);
  const open = (cache?: { maxBytes: number }): Store<Order> =>
    createStore<Order>({ collection, storage, ...(cache && { cache }) });
  const [warm, cold] = [open(), open({ maxBytes: 0 })];
  const ids = Array.from({ length: editors }, (_, i) => `order-${i}`);
  for (const [i, id] of ids.entries()) await warm.create(id, "alice", makeOrder(bytes, i), patient);
  const edit = (store: Store<Order>, id: string, turn: number): Promise<unknown> =>
    store.edit(id, "bob", (draft) => changeLine(draft, turn), patient);
  const alone = ids[0] as string;
  await edit(warm, alone, 1);
  const event = await db.collection(`${collection}.events`).findOne({ doc: alone, version: 2 });
  const raw = await rawMongo(db, event as Document);
  for (const [i, id] of ids.entries()) await raw.make(id, makeOrder(bytes, i));
  await warm.sweep();
  await cold.sweep();

  await compareEdits(alone, ids, { warm, cold, raw, edit });
  await compareGet(db, warm, ids);
  await compareStateAt(db, warm, bytes);
  await measureImport(warm, bytes);
  for (const store of [warm, cold]) await store.close();
  await storage.close();
}

interface Edits {
  readonly warm: Store<Order>;
  readonly cold: Store<Order>;
  readonly raw: RawMongo;
  readonly edit: (store: Store<Order>, id: string, turn: number) => Promise<unknown>;
}

async function compareEdits(
  alone: string,
  ids: readonly string[],
  { warm, cold, raw, edit }: Edits,
): Promise<void> {
  // each has a document of its own, which no other one makes newer behind its back
  const coldDocument = ids[1] as string;
  const oneEditor = await interleave(
    {
      warm: (turn) => edit(warm, alone, turn),
      cold: (turn) => edit(cold, coldDocument, turn),
      raw: (turn) => raw.edit(alone, turn),
    },
    length,
  );
  const three = "findOne + insertOne + replaceOne";
  printRatio(`warm edit, against ${three}`, oneEditor.warm, oneEditor.raw, atMost(0.9));
  printRatio(`cold edit, against ${three}`, oneEditor.cold, oneEditor.raw, atMost(1.2));
  const many = await interleave(
    {
      ours: (turn) => Promise.all(ids.map((id) => edit(warm, id, turn))),
      raw: (turn) => Promise.all(ids.map((id) => raw.edit(id, turn))),
    },
    { rounds: 11, ms: 200 },
  );
  printRatio(`${editors} editors at once: the driver against ours`, many.raw, many.ours, {
    aim: { at: "least", value: 2 },
    clock: "wall",
  });
}

async function compareGet(db: Db, store: Store<Order>, ids: readonly string[]): Promise<void> {
  const current = db.collection<{ _id: string }>(collection, concerns);
  const random = { ours: randomFrom(1), raw: randomFrom(1) };
  const next = (of: keyof typeof random): string => ids[Math.floor(random[of]() * ids.length)] as string;
  const { ours, raw } = await interleave(
    { ours: () => store.get(next("ours")), raw: () => current.findOne({ _id: next("raw") }) },
    length,
  );
  printRatio("get, against findOne", ours, raw, atMost(1.1));
}

async function compareStateAt(db: Db, store: Store<Order>, bytes: number): Promise<void> {
  const doc = await writeHistory(store, bytes);
  const snapshots = db.collection<Document>(`${collection}.snapshots`, concerns);
  const log = db.collection<Document>(`${collection}.events`, concerns);
  const read = async (version: number): Promise<Document[]> => {
    const [before] = await snapshots
      .find({ doc, version: { $lte: version } })
      .sort({ version: -1 })
      .limit(1)
      .toArray();
    const range = { $gt: Number(before?.version ?? 0), $lte: version };
    return log.find({ doc, version: range }).sort({ version: 1 }).toArray();
  };
  const random = { ours: randomFrom(1), raw: randomFrom(1) };
  const next = (of: keyof typeof random): number => 1 + Math.floor(random[of]() * events);
  const { ours, raw } = await interleave(
    { ours: () => store.stateAt(doc, { version: next("ours") }, patient), raw: () => read(next("raw")) },
    length,
  );
  printRatio(`stateAt of ${events} events, against reading snapshot and events`, ours, raw, atMost(1.5));
}

async function measureImport(store: Store<Order>, bytes: number): Promise<void> {
  const [documents, revisions] = [20, 25];
  let round = 0;
  const take = async (): Promise<void> => {
    const prefix = `import-${round++}`;
    const all = Array.from({ length: documents * revisions }, (_, i) => {
      const state = makeOrder(bytes, i % documents);
      changeLine(state, i);
      return { id: `${prefix}-${i % documents}`, at: new Date(i), by: "alice", state };
    });
    await store.import(all, { name: prefix });
  };
  const { ours } = await interleave({ ours: take }, { rounds: 5, ms: 1 });
  const perSecond = ours.map(({ wall }) => (documents * revisions * 1e9) / wall);
  printRow({ what: "import", figure: spread(perSecond), unit: " events/s" });
}
