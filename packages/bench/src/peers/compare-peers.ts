import { join } from "node:path";
import { findServer } from "@everdraft/test-server";
import { BSON, type Db, MongoClient } from "mongodb";
import { openBare } from "../bare.ts";
import { realLines, revisionsOf } from "../real-histories.ts";
import { inFolder } from "../scratch.ts";
import { settings } from "../settings.ts";
import type { Outcome } from "./outcome.ts";
import type { State } from "./peer.ts";
import { printOutcomes } from "./print-outcomes.ts";
import { chooseSample, type History, historiesOf } from "./sample.ts";
import { outcomesOf, sidesOnMongo, sidesOnSqlite } from "./sides.ts";

const mongoRounds = { rounds: 25, each: 20, warmUp: 40 };
const sqliteRounds = { rounds: 31, each: 50, warmUp: 100 };

/** Everdraft against other libraries that keep a history, on the same edits of real documents. */
export async function comparePeers(): Promise<void> {
  const histories = historiesOf(revisionsOf(await realLines()));
  await compareOnMongo(sampleOf(histories, mongoRounds));
  await compareOnSqlite(sampleOf(histories, sqliteRounds));
}

/** Histories with as many edits as the rounds need. */
function sampleOf(histories: readonly History[], all: typeof mongoRounds): readonly History[] {
  return chooseSample(histories, (settings.rounds ?? all.rounds) * all.each + all.warmUp);
}

async function compareOnMongo(sample: readonly History[]): Promise<void> {
  const server = await findServer();
  const client = new MongoClient(server.uri);
  const database = (side: number): string => `everdraft-bench-peers-${side}-${process.pid}`;
  try {
    const outcomes = await outcomesOf(sidesOnMongo, sample, {
      of: (side) => ({ uri: server.uri, database: database(side), file: "" }),
      bytes: (side, history) => bytesOfCollections(client.db(database(side)), history),
    });
    const [ours, cold, ...peers] = outcomes as [Outcome, Outcome, ...Outcome[]];
    printOutcomes(
      {
        on: "on MongoDB",
        ours,
        cold,
        peers,
        fullBytes: fullBytes(sample, (id, state) => BSON.calculateObjectSize({ _id: id, state })),
        rounds: mongoRounds,
        aims: { atMost: 1, reads: "wall" },
      },
      `Everdraft against its peers on MongoDB (${server.what}), ${told(sample)}`,
    );
  } finally {
    if (server.stays) for (const side of sidesOnMongo.keys()) await client.db(database(side)).dropDatabase();
    await client.close();
    await server.stop();
  }
}

async function compareOnSqlite(sample: readonly History[]): Promise<void> {
  await inFolder(async (folder) => {
    const file = (side: number): string => join(folder, `${side}.db`);
    const outcomes = await outcomesOf(sidesOnSqlite, sample, {
      of: (side) => ({ uri: "", database: "", file: file(side) }),
      bytes: async (side, history) => bytesOfTables(file(side), history),
    });
    const [ours, ...peers] = outcomes as [Outcome, ...Outcome[]];
    printOutcomes(
      {
        on: "on SQLite",
        ours,
        peers,
        fullBytes: fullBytes(sample, (_, state) => Buffer.byteLength(JSON.stringify(state))),
        rounds: sqliteRounds,
        aims: { atMost: 1.2, reads: "cpu" },
      },
      `Everdraft against a table of JSON patches on SQLite, ${told(sample)}`,
    );
  });
}

/** The bytes of BSON of all documents in these collections, without indexes and compression. */
async function bytesOfCollections(db: Db, names: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const name of names) {
    // as they come from the server, each a Buffer
    for await (const document of db.collection(name).find({}, { raw: true }))
      bytes += Number(document.byteLength);
  }
  return bytes;
}

/** The bytes of the pages of these tables and their indexes. */
function bytesOfTables(file: string, tables: readonly string[]): number {
  const engine = openBare(file);
  try {
    const pages = engine.prepare(
      `SELECT sum(pgsize) AS bytes FROM dbstat
      WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = ?)`,
    );
    return tables.reduce((sum, table) => sum + Number(pages.get(table)?.bytes ?? 0), 0);
  } finally {
    engine.close();
  }
}

/** The bytes of all states of a sample in full. */
function fullBytes(sample: readonly History[], of: (id: string, state: State) => number): number {
  return sample
    .flatMap(({ id, writes }) => writes.map(({ state }) => of(id, state)))
    .reduce((sum, bytes) => sum + bytes, 0);
}

/** A sample in words. */
function told(sample: readonly History[]): string {
  const lengths = sample.map(({ writes }) => writes.length).sort((a, b) => a - b);
  const all = lengths.reduce((sum, length) => sum + length, 0);
  const states = `${all} states (${lengths[0]} to ${lengths.at(-1)} each)`;
  return sample.length === 1
    ? `a real document with ${all} states`
    : `${sample.length} real documents with ${states}`;
}
