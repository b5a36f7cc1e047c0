import { createStore } from "@everdraft/core";
import { rebuild, verify } from "@everdraft/core/upkeep";
import { mongoStorage } from "@everdraft/mongo-adapter";
import { findServer } from "@everdraft/test-server";
import { type AnyBulkWriteOperation, type Db, type Document, MongoClient } from "mongodb";
import { type Order, revisionsOf } from "./documents.ts";
import { spread } from "./harness.ts";
import { concerns } from "./raw-mongo.ts";
import { printHeading, printRow } from "./report.ts";
import { collection } from "./scratch.ts";

const eventsEach = 10;
const pageSize = 100;
// a round takes minutes where pages of ids are dear
const rounds = 1;

/**
 * Rebuilding and verifying on a MongoDB: 2,000 documents of 10 events, and with MONGODB_URI and EVERDRAFT_MILLION=1 the
 * million, against the driver that reads the same events document by document and writes the same views in as large bulks.
 */
export async function compareRebuildOnMongo(): Promise<void> {
  const server = await findServer();
  const client = new MongoClient(server.uri);
  const documents = server.stays && process.env.EVERDRAFT_MILLION === "1" ? 100_000 : 2_000;
  const db = client.db(`everdraft-bench-rebuild-${process.pid}`);
  try {
    printHeading(
      `Rebuild and verify, MongoDB (${server.what}), ${documents} documents of ${eventsEach} events`,
    );
    await compareAt(db, documents);
  } finally {
    if (server.stays) await db.dropDatabase();
    await client.close();
    await server.stop();
  }
}

async function compareAt(db: Db, documents: number): Promise<void> {
  const storage = mongoStorage(db);
  const store = createStore<Order>({ collection, storage, cache: { maxBytes: 8 * 1024 * 1024 } });
  await store.import(revisionsOf(documents, eventsEach));
  await store.sweep();
  const views = db.collection<Document>(collection, concerns);
  const kept = await views.find().toArray();
  const pages = Math.ceil(documents / pageSize);
  const [rebuilds, verifies, page]: [number[], number[], number[]] = [[], [], []];
  const [withPages, pagesAlone]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    await views.deleteMany({});
    const reading = await timed(() => readEvents(db, kept));
    const bare = reading + (await timed(() => writeViews(db, kept)));
    await views.deleteMany({});
    const ours = await timed(() => rebuild(store, { projection: "view" }));
    rebuilds.push(bare / ours);
    const listing = await timed(() => listIds(db));
    withPages.push((bare + listing) / ours);
    pagesAlone.push(listing / pages);
    page.push(ours / pages);
    verifies.push(reading / (await timed(() => verify(store))));
  }
  const row = (what: string, figures: readonly number[], value: number) =>
    printRow({ what, figure: spread(figures), unit: "x", aim: { at: "least", value } });
  row("rebuild of views, rate against the bare driver", rebuilds, 0.8);
  row("the same, with the ids found in pages of the log by both", withPages, 0.8);
  printRow({ what: `finding ${pageSize} ids, bare driver`, figure: spread(pagesAlone), unit: " ms" });
  printRow({ what: `a page of ${pageSize} documents`, figure: spread(page), unit: " ms" });
  row("verify, rate against the bare reading", verifies, 0.7);
  await store.close();
  await storage.close();
}

/** Reads all events of each document, as many documents at once as a rebuild does. */
async function readEvents(db: Db, documents: readonly Document[]): Promise<void> {
  const log = db.collection<Document>(`${collection}.events`, concerns);
  const rest = documents.values();
  const lane = async (): Promise<void> => {
    for (const { _id } of rest) await log.find({ doc: _id }).sort({ version: 1 }).toArray();
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}

/** Finds the ids as a rebuild does whose views are lost: in pages of the keys of the log's index. */
async function listIds(db: Db): Promise<void> {
  const log = db.collection<Document>(`${collection}.events`, concerns);
  for (let after: unknown; ; ) {
    const behind = after === undefined ? {} : { doc: { $gt: after } };
    const keys = log.find(behind, { projection: { _id: 0, doc: 1 } }).sort({ doc: 1, version: 1 });
    const page = await keys.limit(pageSize * eventsEach).toArray();
    after = page.at(-1)?.doc;
    if (page.length < pageSize * eventsEach) return;
  }
}

async function writeViews(db: Db, documents: readonly Document[]): Promise<void> {
  const views = db.collection<Document>(collection, concerns);
  for (let from = 0; from < documents.length; from += pageSize) {
    const writes = documents.slice(from, from + pageSize).map(
      (document): AnyBulkWriteOperation<Document> => ({
        replaceOne: { filter: { _id: document._id }, replacement: document, upsert: true },
      }),
    );
    await views.bulkWrite(writes, { ordered: false });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
