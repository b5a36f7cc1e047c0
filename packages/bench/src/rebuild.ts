import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createStore, type Store } from "@everdraft/core";
import { rebuild, verify } from "@everdraft/core/upkeep";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import { openBare } from "./bare.ts";
import { type Order, revisionsOf } from "./documents.ts";
import { spread } from "./harness.ts";
import { compareRebuildOnMongo } from "./rebuild-mongodb.ts";
import { printHeading, printRow } from "./report.ts";
import { collection, inFolder } from "./scratch.ts";

/** The report of the process that rebuilds a large file. */
export interface Ended {
  readonly seconds: number;
  readonly heap: number;
  /** After how many milliseconds its first range was done. */
  readonly firstRange: number;
}

const documents = 2_000;
const eventsEach = 10;
const rounds = 5;
const batch = 100;
const child = fileURLToPath(new URL("./rebuild-child.js", import.meta.url));

/** Rebuilds and verifications against reading the same events and writing the same views with nothing around it. */
export async function compareRebuild(): Promise<void> {
  printHeading(`Rebuild and verify, SQLite, ${documents} documents of ${eventsEach} events`);
  await inFolder(async (folder) => {
    const file = join(folder, "rebuild.db");
    await fill(file, documents, eventsEach);
    const [rebuilds, verifies]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      const bare = bareRebuild(file);
      loseViews(file);
      rebuilds.push(bare / (await timed(file, (store) => rebuild(store, { projection: "view" }))));
      verifies.push(bareRead(file) / (await timed(file, (store) => verify(store))));
    }
    const row = (what: string, figures: readonly number[], value: number) =>
      printRow({ what, figure: spread(figures), unit: "x", aim: { at: "least", value } });
    row("rebuild of views, rate against the bare work", rebuilds, 0.8);
    row("verify, rate against the bare reading", verifies, 0.7);
    await measureResuming(file);
    await compareWorkers(join(folder, "workers.db"));
  });
  await compareRebuildOnMongo();
  if (process.env.EVERDRAFT_MILLION === "1") await million();
}

/** The gain of a second process, in a file that takes one process some seconds: in a job of a second both are still warming up. */
async function compareWorkers(file: string): Promise<void> {
  const count = 10_000;
  await fill(file, count, eventsEach);
  const gains: number[] = [];
  for (let round = 0; round < 3; round++) {
    loseViews(file);
    const alone = (await rebuildChild(file)).seconds;
    loseViews(file);
    const both = await Promise.all([rebuildChild(file), rebuildChild(file)]);
    gains.push(alone / Math.max(...both.map(({ seconds }) => seconds)));
  }
  const what = `two processes, rate against one, ${count} documents`;
  printRow({ what, figure: spread(gains), unit: "x" });
}

/** How long the first range takes of a rebuild that goes on after a kill, by how much was done before. */
async function measureResuming(file: string): Promise<void> {
  // near the end all that is left may be in the dead one's hand, which waits ten seconds
  for (const done of [0, 0.1, 0.6, 0.9]) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      loseViews(file);
      if (done > 0) await killedChild(file, done * documents);
      times.push((await rebuildChild(file)).firstRange);
    }
    const what = `first range of a rebuild, ${done * 100} % done before a kill`;
    printRow({ what, figure: spread(times), unit: " ms" });
  }
}

/** A million events in 100,000 documents, in a process that may have 300 MB of heap. */
async function million(): Promise<void> {
  printHeading("A million events in 100,000 documents, in a process with --max-old-space-size=300");
  await inFolder(async (folder) => {
    const file = join(folder, "million.db");
    await fill(file, 100_000, 10);
    loseViews(file);
    const { seconds, heap } = await rebuildChild(file);
    printRow({ what: "rebuild of views", figure: spread([1_000_000 / seconds]), unit: " events/s" });
    const aim = { at: "most", value: 300 } as const;
    printRow({ what: "peak heap", figure: spread([heap / 1e6]), unit: " MB", aim });
  });
}

async function fill(file: string, count: number, each: number): Promise<void> {
  const storage = sqliteStorage(file);
  const store = createStore<Order>({ collection, storage, cache: { maxBytes: 8 * 1024 * 1024 } });
  await store.import(revisionsOf(count, each));
  await store.close();
  await storage.close();
}

function loseViews(file: string): void {
  const engine = openBare(file);
  engine.exec(`DELETE FROM "${collection}"`);
  engine.close();
}

/** Milliseconds of work on a fresh store. */
async function timed(file: string, work: (store: Store<Order>) => Promise<unknown>): Promise<number> {
  const storage = sqliteStorage(file);
  const store = createStore<Order>({ collection, storage });
  await store.ready();
  const start = performance.now();
  await work(store);
  const took = performance.now() - start;
  await store.close();
  await storage.close();
  return took;
}

/** Reads all columns of all events, document by document. */
function bareRead(file: string): number {
  const engine = openBare(file);
  const start = performance.now();
  const events = engine.prepare(`SELECT * FROM "${collection}.events" WHERE doc = ? ORDER BY version`);
  const ids = engine.prepare(`SELECT DISTINCT doc FROM "${collection}.events" ORDER BY doc`).all() as {
    doc: string;
  }[];
  for (const { doc } of ids) events.all(doc);
  const took = performance.now() - start;
  engine.close();
  return took;
}

/** Reads the same events, and writes the same views in batches of as many, one transaction each. */
function bareRebuild(file: string): number {
  const engine = openBare(file);
  engine.exec(`CREATE TEMP TABLE views AS SELECT * FROM "${collection}" ORDER BY id`);
  engine.exec(`DELETE FROM "${collection}"`);
  engine.exec("CREATE INDEX temp.views_id ON views (id)");
  const start = performance.now();
  const ids = engine.prepare("SELECT id FROM views ORDER BY id").all() as { id: string }[];
  const events = engine.prepare(`SELECT * FROM "${collection}.events" WHERE doc = ? ORDER BY version`);
  const write = engine.prepare(`INSERT INTO "${collection}" SELECT * FROM views WHERE id = ?`);
  for (let from = 0; from < ids.length; from += batch) {
    const page = ids.slice(from, from + batch);
    for (const { id } of page) events.all(id);
    engine.exec("BEGIN IMMEDIATE");
    for (const { id } of page) write.run(id);
    engine.exec("COMMIT");
  }
  const took = performance.now() - start;
  engine.close();
  return took;
}

/** A rebuild that kills itself when so many documents are done. */
async function killedChild(file: string, done: number): Promise<void> {
  const [, signal] = await once(fork(child, [file, `${done}`]), "exit");
  if (signal !== "SIGKILL") throw new Error("the rebuild was done before it was killed");
}

function rebuildChild(file: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const rebuilding = fork(child, [file], { execArgv: ["--max-old-space-size=300"] });
    rebuilding.on("message", (ended) => resolve(ended as Ended));
    rebuilding.on("error", reject);
    rebuilding.on("exit", (code) => code !== 0 && reject(new Error(`the rebuild ended with ${code}`)));
  });
}
