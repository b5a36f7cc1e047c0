import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { randomFrom } from "@everdraft/testkit/random";
import { check, type Verdict } from "./check/check.ts";
import type { Evidence, Kept } from "./check/evidence.ts";
import type { Fault, Scene } from "./faults/fault.ts";
import { type NetworkFault, startProxy } from "./faults/proxy.ts";
import { strikes } from "./faults/strike.ts";
import { gather } from "./gather.ts";
import { fileJournal, now, type Recorded, readLines, toLine } from "./history.ts";
import { between } from "./random.ts";
import { recover } from "./recover.ts";
import { sample } from "./sampler.ts";
import { mongoWorld, sqliteWorld, type World } from "./world.ts";
import type { Target, WriterSettings } from "./writer/settings.ts";
import { startWriter, type Writer } from "./writers.ts";

/** One fault on one storage. */
export interface Cell {
  readonly storage: "mongodb" | "sqlite";
  readonly fault: Fault;
  /** On MongoDB: whether the driver sends failed writes again by itself. */
  readonly retryWrites: boolean;
  readonly seed: number;
  /** How many acts it has at least. */
  readonly acts: number;
  /** After how long it ends whatever it has shown, in milliseconds. Generous: it hangs on the machine's speed. */
  readonly longest: number;
  /** Whether its history is kept also where it is green. */
  readonly keep?: boolean;
}

/** A cell that was run. */
export interface RunCell extends Verdict {
  /** The server or engine. */
  readonly what: string;
  /** Whether all promises were kept and the fault was shown. */
  readonly green: boolean;
  /** Its faults, in a few words. */
  readonly why: string;
  /** Where its history is kept: of a red one, and where that was asked for. */
  readonly folder?: string;
}

const network: ReadonlySet<string> = new Set<NetworkFault>([
  ...(["lost-request", "lost-reply", "late-landing", "blackhole", "reset", "slices", "latency"] as const),
]);
const documents = ["d-0", "d-1", "d-2", "d-3", "d-4", "d-5"];
const writersOf = { mongodb: 3, sqlite: 4 } as const;
const workersOf = { mongodb: 4, sqlite: 3 } as const;

/** Runs a cell: writers write, a fault strikes, the data that they leave is judged. */
export async function runCell(cell: Cell): Promise<RunCell> {
  const folder = mkdtempSync(
    join(tmpdir(), `everdraft-faults-${cell.storage}-${cell.fault.name}-${cell.seed}-`),
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "cell.json"), JSON.stringify(cell, undefined, 2));
  const smallDisk = cell.fault.name === "disk-full";
  const world =
    cell.storage === "mongodb" ? await mongoWorld(cell.retryWrites, smallDisk) : sqliteWorld(smallDisk);
  try {
    await writeUnder(cell, world, folder);
  } finally {
    await world.close();
  }
  const verdict = replay(folder);
  const why = reasons(cell, verdict);
  const green = why === "";
  const kept = !green || cell.keep === true;
  if (!kept) rmSync(folder, { recursive: true, force: true });
  return { ...verdict, what: world.what, green, why, ...(kept && { folder }) };
}

function reasons({ acts, fault }: Cell, { findings, counts }: Verdict): string {
  const all = [...new Set(findings.map(({ promise, kind }) => `${promise} ${kind}`))];
  if (counts.tried < acts) all.push(`only ${counts.tried} acts`);
  if (fault.name !== "none" && counts.strikesInFlight === 0) all.push("the fault struck no act in flight");
  if (fault.name === "disk-full" && counts.storageRefusals === 0)
    all.push("the disk was never full for the storage");
  if (counts.acknowledged === 0) all.push("nothing was acknowledged");
  return all.join("; ");
}

/** Judges a history that was kept. */
export function replay(folder: string): Verdict {
  return check(evidenceIn(folder));
}

function evidenceIn(folder: string): Evidence {
  const records = readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl") && name !== "store.jsonl")
    .sort()
    .flatMap((name) => readLines<Recorded>(join(folder, name)));
  const kept = readLines<Kept>(join(folder, "store.jsonl"));
  const dropped = records.find((record) => record.what === "strike" && record.fault === "index-dropped");
  return { records, kept, ...(dropped !== undefined && { unguardedSince: dropped.at }) };
}

async function writeUnder(cell: Cell, world: World, folder: string): Promise<void> {
  const { fault, seed } = cell;
  const random = randomFrom(seed);
  const strikesJournal = fileJournal(join(folder, "strikes.jsonl"));
  const begun = now();
  let done = 0;
  let acknowledged = 0;
  let struck = 0;
  let broken: unknown;
  const late = (): boolean => now() - begun > cell.longest;
  const struckEnough = (): boolean => {
    // long enough for every writer to look at its index again
    if (fault.unguarded === true) return struck > 0 && now() - begun > 45_000;
    return fault.name === "none" || fault.clockOffsets !== undefined || struck >= fault.strikes;
  };
  const stopsAt = (): boolean => done >= cell.acts && struckEnough();
  const over = (): boolean => broken !== undefined || late() || (stopsAt() && acknowledged > 0);
  const scene: Scene = {
    random,
    over,
    struck: (from, until = from) => {
      struck++;
      strikesJournal.write({ what: "strike", fault: fault.name, at: from, until });
    },
    acts: async (more) => {
      const goal = done + more;
      while (done < goal && !over()) await delay(5);
    },
  };
  const storage = world.open();
  await storage.open("logs", { timeoutMs: 60_000 });
  const proxy =
    network.has(fault.name) && world.server !== undefined
      ? await startProxy({
          to: world.server.port,
          fault: fault.name as NetworkFault,
          random,
          now,
          rate: fault.name === "slices" || fault.name === "latency" ? 0.1 : 0.03,
          struck: (from, until) => {
            struck++;
            strikesJournal.write({ what: "strike", fault: fault.name, at: from, until });
          },
        })
      : undefined;
  const target: Target =
    proxy !== undefined && world.target.storage === "mongodb"
      ? { ...world.target, uri: `mongodb://127.0.0.1:${proxy.port}/?directConnection=true` }
      : world.target;

  let stopping = false;
  const writing = new Set<number>();
  const keepWriting = async (w: number): Promise<void> => {
    for (let life = 0; !stopping; life++) {
      const step = fault.ends?.[(w + life) % fault.ends.length];
      const settings: WriterSettings = {
        name: `w${w}-${life}`,
        seed: seed * 1_009 + w * 101 + life,
        target,
        collection: "logs",
        documents,
        workers: workersOf[cell.storage],
        timeoutMs: fault.timeoutMs,
        clockOffset: fault.clockOffsets?.[w % fault.clockOffsets.length] ?? 0,
        journal: join(folder, `writer-${w}-${life}.jsonl`),
        ...(step !== undefined && {
          end: {
            step,
            times: step === "inside an import" || step === "snapshot sent" ? 1 : between(random, 1, 25),
          },
        }),
      };
      const writer: Writer = startWriter(settings, (ok) => {
        done++;
        writing.add(w);
        if (ok) acknowledged++;
      });
      const stop = setInterval(() => stopping && writer.stop(), 20);
      if (fault.endedAnywhere === true) {
        await scene.acts(between(random, 10, 60));
        if (!over()) {
          writer.kill();
          scene.struck(now());
        }
      }
      const bornAt = now();
      await writer.ended;
      clearInterval(stop);
      if (step !== undefined && !stopping) struck++;
      // one that cannot even start would be started for ever
      if (!stopping && fault.ends === undefined && fault.endedAnywhere !== true)
        throw new Error(`writer ${w} ended by itself after ${Math.round(now() - bornAt)} ms`);
    }
  };
  const strikeAgain = async (): Promise<void> => {
    const strike = strikes[fault.name];
    if (strike === undefined) return;
    await scene.acts(20);
    // a writer that opens the collection after the strike would make the index again
    while (writing.size < writersOf[cell.storage] && !over()) await delay(5);
    while (!over()) {
      await strike(world, scene);
      if (fault.unguarded === true) return;
      await scene.acts(Math.max(20, Math.floor(cell.acts / (fault.strikes * 4))));
    }
  };
  const samples = fileJournal(join(folder, "samples.jsonl"));
  const running = Promise.all([
    ...Array.from({ length: writersOf[cell.storage] }, (_, w) => keepWriting(w)),
    strikeAgain(),
    sample(storage, documents, samples, randomFrom(seed + 1), () => !stopping),
  ]).catch((error: unknown) => {
    broken = error;
  });
  while (!over()) await delay(20);
  stopping = true;
  await running;
  if (fault.clockOffsets !== undefined) scene.struck(begun, now());
  await proxy?.calm();
  await proxy?.close();
  strikesJournal.close();
  samples.close();
  if (broken !== undefined) throw broken;
  await keep(cell, world, storage, folder);
}

/** Lets programs recover from the fault, and keeps the contents of the store afterwards. */
async function keep(
  { fault }: Cell,
  world: World,
  storage: ReturnType<World["open"]>,
  folder: string,
): Promise<void> {
  if (world.server !== undefined && !world.server.runs()) await world.server.start();
  const records = readdirSync(folder)
    .filter((name) => name.startsWith("writer-"))
    .flatMap((name) => readLines<Recorded>(join(folder, name)));
  const journal = fileJournal(join(folder, "recovery.jsonl"));
  if (fault.unguarded !== true) await recover(storage, documents, records, journal);
  journal.close();
  const kept = await gather(storage);
  writeFileSync(join(folder, "store.jsonl"), `${kept.map(toLine).join("\n")}\n`);
  await storage.close();
}
