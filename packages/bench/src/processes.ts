import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createStore } from "@everdraft/core";
import { mongoStorage } from "@everdraft/mongo-adapter";
import { findServer } from "@everdraft/test-server";
import { type Db, MongoClient } from "mongodb";
import { makeOrder, type Order } from "./documents.ts";
import { spread } from "./harness.ts";
import { printHeading, printRow } from "./report.ts";
import { collection } from "./scratch.ts";
import { settings } from "./settings.ts";

/** The work of a process in one round. */
export interface Run {
  readonly ids: readonly string[];
  /** How many edits it awaits at once. */
  readonly editors: number;
  readonly ms: number;
}

/** The report of a process on one round. */
export interface Ran {
  readonly edits: number;
  /** Edits that were given up, since others won every time. */
  readonly conflicts: number;
  /** The write commands that it sent. */
  readonly commands: number;
  readonly ms: number;
}

const child = fileURLToPath(new URL("./processes-child.js", import.meta.url));
const most = 4;
const documentsEach = 64;
const hot = "hot";
const rounds = settings.rounds ?? 5;
const ms = settings.ms ?? 3_000;

/** Edits of one document, and of many, by one process and by several, on one MongoDB. */
export async function measureProcesses(): Promise<void> {
  const server = await findServer();
  const client = new MongoClient(server.uri);
  const db = client.db(`everdraft-bench-processes-${process.pid}`);
  const children: ChildProcess[] = [];
  try {
    await makeDocuments(db);
    for (let i = 0; i < most; i++) children.push(await startChild(server.uri, db, i));
    printHeading(`One document of 1 KB, one process, MongoDB (${server.what})`);
    await measureRows([1, 4, 16, 64], (n) =>
      rowOf(`${n} at once`, children.slice(0, 1), { ids: () => [hot], editors: n }),
    );
    printHeading("Documents of 1 KB, 64 for each process, 16 edits at once in each");
    await measureRows([1, 2, 4], (n) =>
      rowOf(processes(n), children.slice(0, n), { ids: idsOf, editors: 16 }),
    );
    printHeading("One document of 1 KB for all processes, 4 edits at once in each");
    await measureRows([1, 2, 4], (n) =>
      rowOf(processes(n), children.slice(0, n), { ids: () => [hot], editors: 4 }),
    );
  } finally {
    for (const one of children) one.disconnect();
    if (server.stays) await db.dropDatabase();
    await client.close();
    await server.stop();
  }
}

const processes = (n: number): string => `${n} process${n === 1 ? "" : "es"}`;

function idsOf(place: number): readonly string[] {
  return Array.from({ length: documentsEach }, (_, i) => `order-${place}-${i}`);
}

async function makeDocuments(db: Db): Promise<void> {
  const storage = mongoStorage(db);
  const store = createStore<Order>({ collection, storage });
  const ids = [hot, ...Array.from({ length: most }, (_, place) => idsOf(place)).flat()];
  for (const [i, id] of ids.entries()) await store.create(id, "alice", makeOrder(1_000, i));
  await store.close();
  await storage.close();
}

async function startChild(uri: string, db: Db, place: number): Promise<ChildProcess> {
  const started = fork(child, [uri, db.databaseName, `${place}`]);
  started.once("exit", (code) => {
    if (code !== 0) throw new Error(`a process of the benchmark ended with ${code}`);
  });
  await once(started, "message");
  return started;
}

/** A row that is measured round by round. */
interface Measured {
  readonly what: string;
  readonly work: () => Promise<readonly Ran[]>;
}

interface Work {
  readonly ids: (place: number) => readonly string[];
  readonly editors: number;
}

function rowOf(what: string, at: readonly ChildProcess[], { ids, editors }: Work): Measured {
  const work = (): Promise<Ran[]> =>
    Promise.all(at.map((one, place) => runOn(one, { ids: ids(place), editors, ms })));
  return { what, work };
}

async function runOn(one: ChildProcess, run: Run): Promise<Ran> {
  one.send(run);
  const [ran] = await once(one, "message");
  return ran as Ran;
}

/** Takes the rows of a table in turns, so that other work of the machine hits all of them. */
async function measureRows(steps: readonly number[], row: (step: number) => Measured): Promise<void> {
  const rows = steps.map(row);
  const taken: Ran[][][] = rows.map(() => []);
  // the first round compiles, and fills caches
  for (const { work } of rows) await work();
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < rows.length; i++) {
      const next = (round + i) % rows.length;
      taken[next]?.push([...((await rows[next]?.work()) ?? [])]);
    }
  }
  for (const [i, { what }] of rows.entries()) printRates(what, taken[i] ?? []);
}

function printRates(what: string, taken: readonly (readonly Ran[])[]): void {
  const rates = taken.map((all) => all.reduce((sum, ran) => sum + (ran.edits * 1_000) / ran.ms, 0));
  const sum = (of: "edits" | "conflicts" | "commands"): number =>
    taken.flat().reduce((total, ran) => total + ran[of], 0);
  const commands = (sum("commands") / sum("edits")).toFixed(2);
  const note = `${commands} write commands an edit, ${sum("conflicts")} of ${sum("edits")} edits given up`;
  printRow({ what, figure: spread(rates), unit: " edits/s", note });
}
