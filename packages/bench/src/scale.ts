import { join } from "node:path";
import type { Revision, Store } from "@everdraft/core";
import type { EngineConnection } from "@everdraft/sqlite-adapter/engine";
import { randomFrom } from "@everdraft/testkit/random";
import { type BareWrite, bareWriter, openBare } from "./bare.ts";
import { changeLine, liveOn, makeOrder, type Order } from "./documents.ts";
import { nextWriter, rowsOfEdits } from "./edit.ts";
import { coldStore } from "./get.ts";
import { type Candidate, interleave, type Length, type Timing } from "./harness.ts";
import { bareLines } from "./pages/plots.ts";
import { printHeading, printRatio } from "./report.ts";
import { inFolder, type Opened, onStore, sizeName } from "./scratch.ts";
import { settings } from "./settings.ts";
import { rawReader } from "./state-at.ts";

const length: Length = { rounds: 11, ms: 50 };
const smallBytes = 1_000;

/** The cost by the length of the history, the size of the state and the number of editors. */
export async function measureScale(): Promise<void> {
  for (const [name, scale] of [
    ["events", scaleEvents],
    ["bytes", scaleBytes],
    ["editors", scaleEditors],
  ] as const) {
    await inFolder(async (folder) => {
      const file = join(folder, `${name}.db`);
      const bare = openBare(join(folder, "bare.db"));
      try {
        await onStore(file, (opened) => scale({ ...opened, file, write: bareWriter(bare) }));
      } finally {
        bare.close();
      }
    });
  }
}

/** A store in an SQLite file, and the bare statements of an edit in another one. */
interface Scaled extends Opened<Order> {
  readonly file: string;
  readonly write: BareWrite;
}

/** Steps up to a limit, which is always the last one. */
function steps(all: readonly number[], limit: number): readonly number[] {
  return [...all.filter((step) => step < limit), limit];
}

/** Random versions of a history, from its first to its last. */
function anyOf(count: number): () => number {
  const random = randomFrom(count);
  return () => 1 + Math.floor(random() * count);
}

async function scaleEvents({ store, storage, file, write }: Scaled): Promise<void> {
  const counts = steps([1, 10, 100, 1_000, 10_000, 100_000], settings.events);
  const [coldOf, anyMoment] = [(count: number) => `cold-${count}`, (count: number) => `any-${count}`];
  for (const count of counts) {
    // a document for each row: edits make histories longer
    for (const id of [idOf(count), coldOf(count), anyMoment(count)]) await store.import(history(id, count));
  }
  const name = (count: number): string => `${count} event${count === 1 ? "" : "s"}`;
  printHeading(
    `Cost by the length of the history, documents of ${sizeName(smallBytes)}, against the shortest`,
  );
  const cold = coldStore(storage);
  const writeNext = nextWriter(write, await rowsOfEdits(smallBytes, store, file));
  await withEngine(file, async (engine) => {
    await compareLines(
      { plot: "events", steps: counts, name },
      {
        "edit, cached": (count) => editing(store, idOf(count)),
        "edit, cold": (count) => editing(cold, coldOf(count)),
        stateAt: (count) => readingPast(store, anyMoment(count), count),
        [bareLines.edit]: (count) => () => writeNext(idOf(count)),
        [bareLines.stateAt]: (count) => readingBytes(engine, anyMoment(count), count),
      },
    );
  });
  await cold.close();
  await compareMoments(store, counts.at(-1) ?? 1, anyMoment);
}

async function compareMoments(
  store: Store<Order>,
  long: number,
  doc: (count: number) => string,
): Promise<void> {
  const short = Math.min(1_000, long);
  printHeading(`Any moment of ${long} events against any moment of ${short}`);
  const byVersion = (count: number): Candidate => readingPast(store, doc(count), count);
  const byDate = (count: number): Candidate => {
    const next = anyOf(count);
    return () => store.stateAt(doc(count), new Date(next() * 1_000));
  };
  const version = await interleave({ long: byVersion(long), short: byVersion(short) });
  const date = await interleave({ long: byDate(long), short: byDate(short) });
  const aim = { at: "most", value: 1.2 } as const;
  printRatio(`stateAt by version, ${long} events against ${short}`, version.long, version.short, { aim });
  printRatio(`stateAt by date, ${long} events against ${short}`, date.long, date.short, { aim });
}

async function scaleBytes({ store, file, write }: Scaled): Promise<void> {
  const all = steps([1_000, 10_000, 100_000, 500_000, 2_000_000], settings.bytes);
  const versions = 50;
  const past = (bytes: number): string => `past-${bytes}`;
  const writers = new Map<number, (id: string) => void>();
  for (const bytes of all) {
    for (const id of [idOf(bytes), past(bytes)]) await store.import(history(id, versions, bytes));
    writers.set(bytes, nextWriter(write, await rowsOfEdits(bytes, store, file, 8)));
  }
  printHeading("Cost by the size of the state, against the smallest");
  await withEngine(file, (engine) =>
    compareLines(
      { plot: "bytes", steps: all, name: sizeName },
      {
        edit: (bytes) => editing(store, idOf(bytes)),
        [`stateAt of ${versions} events`]: (bytes) => readingPast(store, past(bytes), versions),
        [bareLines.edit]: (bytes) => () => writers.get(bytes)?.(idOf(bytes)),
        [bareLines.stateAt]: (bytes) => readingBytes(engine, past(bytes), versions),
      },
    ),
  );
}

async function scaleEditors({ store, file, write }: Scaled): Promise<void> {
  const all = steps([1, 4, 16, 64, 256], settings.editors);
  const ids = Array.from({ length: all.at(-1) ?? 1 }, (_, i) => idOf(i));
  for (const [i, id] of ids.entries()) await store.create(id, "alice", makeOrder(smallBytes, i));
  const writeNext = nextWriter(write, await rowsOfEdits(smallBytes, store, file));
  printHeading("An edit among others of different documents, awaited together, against one alone");
  const together = (count: number): Candidate => {
    const edits = ids.slice(0, count).map((id) => editing(store, id));
    return (turn) => Promise.all(edits.map((edit) => edit(turn)));
  };
  const oneByOne = (count: number): Candidate => {
    const some = ids.slice(0, count);
    return () => some.forEach(writeNext);
  };
  await compareLines(
    { plot: "editors", steps: all, name: (n) => `${n} at once`, turnsOf: (count) => count },
    { edit: together, [bareLines.edit]: oneByOne },
  );
}

function editing(store: Store<Order>, id: string): Candidate {
  return (turn) => store.edit(id, "bob", (draft) => changeLine(draft, turn));
}

function readingPast(store: Store<Order>, id: string, versions: number): Candidate {
  const next = anyOf(versions);
  return () => store.stateAt(id, { version: next() });
}

/** Reads the bytes from which `readingPast` makes its states. */
function readingBytes(engine: EngineConnection, id: string, versions: number): Candidate {
  const [next, read] = [anyOf(versions), rawReader(engine, id)];
  return () => read(next());
}

async function withEngine(file: string, work: (engine: EngineConnection) => Promise<void>): Promise<void> {
  const engine = openBare(file);
  try {
    await work(engine);
  } finally {
    engine.close();
  }
}

interface Steps {
  readonly plot: string;
  readonly steps: readonly number[];
  readonly name: (step: number) => string;
  /** How many calls a turn of that step makes. Default 1. */
  readonly turnsOf?: (step: number) => number;
}

/** Measures all steps of all lines together, and prints each step against the first of its line. */
async function compareLines(
  { plot, steps: all, name, turnsOf = () => 1 }: Steps,
  lines: Readonly<Record<string, (step: number) => Candidate>>,
): Promise<void> {
  const key = (line: string, step: number): string => `${line}, ${name(step)}`;
  const candidates = Object.entries(lines).flatMap(([line, candidate]) =>
    all.map((step) => [key(line, step), candidate(step)] as const),
  );
  const timings = await interleave(Object.fromEntries(candidates), length);
  const of = (line: string, step: number): Timing =>
    (timings[key(line, step)] ?? []).map(({ cpu, wall }) => ({
      cpu: cpu / turnsOf(step),
      wall: wall / turnsOf(step),
    }));
  for (const line of Object.keys(lines)) {
    for (const x of all) {
      const place = { plot, line, x };
      printRatio(key(line, x), of(line, x), of(line, all[0] ?? x), { place });
    }
  }
}

const idOf = (n: number): string => `order-${n}`;

/** A document with a long life, an event a second. */
function* history(id: string, count: number, bytes: number = smallBytes): Generator<Revision<Order>> {
  const random = randomFrom(count);
  const state = makeOrder(bytes, 1);
  for (let turn = 0; turn < count; turn++) {
    if (turn > 0) liveOn(state, random, turn);
    yield { id, at: new Date((turn + 1) * 1_000), by: "alice", state };
  }
}
