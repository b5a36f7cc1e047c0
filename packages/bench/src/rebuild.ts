import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createStore, type Store } from "@everdraft/core";
import { rebuild, verify } from "@everdraft/core/upkeep";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import { openBare } from "./bare.ts";
import { type Order, revisionsOf } from "./documents.ts";
import { spread, type Took, timed } from "./harness.ts";
import { printHeading, printRatio, printRow } from "./report.ts";
import { collection, inFolder } from "./scratch.ts";
import { settings } from "./settings.ts";

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
    const took: Record<"rebuild" | "write" | "verify" | "read", Took[]> = {
      rebuild: [],
      write: [],
      verify: [],
      read: [],
    };
    for (let round = 0; round <= (settings.rounds ?? rounds); round++) {
      const write = await bareRebuild(file);
      loseViews(file);
      const ours = await onFresh(file, (store) => rebuild(store, { projection: "view" }));
      const read = await bareRead(file);
      const verified = await onFresh(file, (store) => verify(store));
      // the first one is compiling
      if (round === 0) continue;
      took.write.push(write);
      took.rebuild.push(ours);
      took.read.push(read);
      took.verify.push(verified);
    }
    const aim = { at: "least", value: 0.9 } as const;
    printRatio("rebuild of views, SQLite, rate against the bare work", took.write, took.rebuild, { aim });
    printRatio("verify, SQLite, rate against the bare reading", took.read, took.verify, { aim });
    await measureResuming(file);
    await compareWorkers(join(folder, "workers.db"));
  });
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

/** The time of work on a fresh store. */
async function onFresh(file: string, work: (store: Store<Order>) => Promise<unknown>): Promise<Took> {
  const storage = sqliteStorage(file);
  const store = createStore<Order>({ collection, storage });
  await store.ready();
  const took = await timed(() => work(store));
  await store.close();
  await storage.close();
  return took;
}

/** Reads all columns of all events, document by document. */
async function bareRead(file: string): Promise<Took> {
  const engine = openBare(file);
  const took = await timed(() => {
    const events = engine.prepare(`SELECT * FROM "${collection}.events" WHERE doc = ? ORDER BY version`);
    const ids = engine.prepare(`SELECT DISTINCT doc FROM "${collection}.events" ORDER BY doc`).all() as {
      doc: string;
    }[];
    for (const { doc } of ids) events.all(doc);
  });
  engine.close();
  return took;
}

/** Reads the same events, and writes the same views in batches of as many, one transaction each. */
async function bareRebuild(file: string): Promise<Took> {
  const engine = openBare(file);
  engine.exec(`CREATE TEMP TABLE views AS SELECT * FROM "${collection}" ORDER BY id`);
  engine.exec(`DELETE FROM "${collection}"`);
  engine.exec("CREATE INDEX temp.views_id ON views (id)");
  const took = await timed(() => {
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
  });
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
