import { createStore } from "@everdraft/core";
import { mongoStorage } from "@everdraft/mongo-adapter";
import { findServer } from "@everdraft/test-server";
import { randomFrom } from "@everdraft/testkit/random";
import { BSON, type Db, type Document, MongoClient } from "mongodb";
import { liveOn, makeOrder, type Order } from "./documents.ts";
import { spread } from "./harness.ts";
import { printHeading, printRow } from "./report.ts";
import { collection } from "./scratch.ts";

const documents = 2;
const edits = 300;

/** The bytes of BSON that a document and its history take on MongoDB, uncompressed and without indexes. */
export async function measureSizes(): Promise<void> {
  const server = await findServer();
  const client = new MongoClient(server.uri);
  try {
    for (const bytes of [1_000, 20_000]) {
      const db = client.db(`everdraft-bench-sizes-${bytes}-${process.pid}`);
      printHeading(
        `Bytes of BSON on MongoDB, orders of ${bytes / 1_000} KB that lived through ${edits} edits`,
      );
      await measureAt(db, bytes);
      if (server.stays) await db.dropDatabase();
    }
  } finally {
    await client.close();
    await server.stop();
  }
}

async function measureAt(db: Db, bytes: number): Promise<void> {
  const storage = mongoStorage(db);
  const store = createStore<Order>({ collection, storage });
  const random = randomFrom(1);
  for (let i = 0; i < documents; i++) {
    const id = `order-${i}`;
    await store.create(id, "alice", makeOrder(bytes, i));
    for (let turn = 1; turn <= edits; turn++)
      await store.edit(id, "bob", (draft) => liveOn(draft, random, turn), { timeoutMs: 60_000 });
  }
  // snapshots that nobody waited for are stored then
  await store.close();
  await storage.close();
  const events = await sizesOf(db, `${collection}.events`, { version: { $gt: 1 } });
  const snapshots = await sizesOf(db, `${collection}.snapshots`, {});
  const row = (what: string, sizes: readonly number[], note: string): void =>
    printRow({ what, figure: spread(sizes), unit: " bytes", note });
  row("the event of a creation", await sizesOf(db, `${collection}.events`, { version: 1 }), "");
  row("the event of an edit", events, `mean ${mean(events)} bytes`);
  row("the current document", await sizesOf(db, collection, {}), "");
  row("a snapshot", snapshots, `one for ${Math.round((documents * edits) / snapshots.length)} edits`);
  const each = (sum(events) + sum(snapshots)) / events.length;
  printRow({ what: "an edit, its share of snapshots included", figure: spread([each]), unit: " bytes" });
}

async function sizesOf(db: Db, name: string, filter: Document): Promise<readonly number[]> {
  const found = await db.collection(name).find(filter).toArray();
  return found.map((document) => BSON.calculateObjectSize(document));
}

const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
const mean = (sizes: readonly number[]): string => (sum(sizes) / sizes.length).toFixed(0);
