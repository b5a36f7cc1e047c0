import { join } from "node:path";
import type { Revision, Store } from "@everdraft/core";
import { randomFrom } from "@everdraft/testkit/random";
import { changeLine, liveOn, makeOrder, type Order } from "./documents.ts";
import { coldStore } from "./get.ts";
import { type Candidate, interleave, type Length, type Timing } from "./harness.ts";
import { printHeading, printRatio } from "./report.ts";
import { inFolder, type Opened, onStore, sizeName } from "./scratch.ts";
import { settings } from "./settings.ts";

const length: Length = { rounds: 11, ms: 50 };
const smallBytes = 1_000;

/** The cost by the length of the history, the size of the state and the number of editors. */
export async function measureScale(): Promise<void> {
  await inFolder((folder) => onStore(join(folder, "events.db"), scaleEvents));
  await inFolder((folder) => onStore(join(folder, "bytes.db"), scaleBytes));
  await inFolder((folder) => onStore(join(folder, "editors.db"), scaleEditors));
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

async function scaleEvents({ store, storage }: Opened<Order>): Promise<void> {
  const counts = steps([1, 10, 100, 1_000, 10_000, 100_000], settings.events);
  const [coldOf, anyMoment] = [(count: number) => `cold-${count}`, (count: number) => `any-${count}`];
  for (const count of counts) {
    // a document for each row: edits make histories longer
    for (const id of [idOf(count), coldOf(count), anyMoment(count)]) await store.import(history(id, count));
  }
  const name = (count: number): string => `${count} event${count === 1 ? "" : "s"}`;
  const all = { steps: counts, name };
  printHeading(
    `Cost by the length of the history, documents of ${sizeName(smallBytes)}, against the shortest`,
  );
  await compareSteps("edit, cached", all, (count) => editing(store, idOf(count)));
  const cold = coldStore(storage);
  await compareSteps("edit, cold", all, (count) => editing(cold, coldOf(count)));
  await cold.close();
  await compareSteps("stateAt", all, (count) => {
    const next = anyOf(count);
    return () => store.stateAt(anyMoment(count), { version: next() });
  });
  await compareMoments(store, counts.at(-1) ?? 1, anyMoment);
}

async function compareMoments(
  store: Store<Order>,
  long: number,
  doc: (count: number) => string,
): Promise<void> {
  const short = Math.min(1_000, long);
  printHeading(`Any moment of ${long} events against any moment of ${short}`);
  const byVersion = (count: number): Candidate => {
    const next = anyOf(count);
    return () => store.stateAt(doc(count), { version: next() });
  };
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

async function scaleBytes({ store }: Opened<Order>): Promise<void> {
  const all = { steps: steps([1_000, 10_000, 100_000, 500_000, 2_000_000], settings.bytes), name: sizeName };
  const versions = 50;
  const past = (bytes: number): string => `past-${bytes}`;
  for (const bytes of all.steps) {
    for (const id of [idOf(bytes), past(bytes)]) await store.import(history(id, versions, bytes));
  }
  printHeading("Cost by the size of the state, against the smallest");
  await compareSteps("edit", all, (bytes) => editing(store, idOf(bytes)));
  await compareSteps(`stateAt of ${versions} events`, all, (bytes) => {
    const next = anyOf(versions);
    return () => store.stateAt(past(bytes), { version: next() });
  });
}

async function scaleEditors({ store }: Opened<Order>): Promise<void> {
  const all = { steps: steps([1, 4, 16, 64, 256], settings.editors), name: (n: number) => `${n} at once` };
  const ids = Array.from({ length: all.steps.at(-1) ?? 1 }, (_, i) => idOf(i));
  for (const [i, id] of ids.entries()) await store.create(id, "alice", makeOrder(smallBytes, i));
  printHeading("An edit among others of different documents, awaited together, against one alone");
  const together = (count: number): Candidate => {
    const edits = ids.slice(0, count).map((id) => editing(store, id));
    return (turn) => Promise.all(edits.map((edit) => edit(turn)));
  };
  await compareSteps("edit", { ...all, turnsOf: (count) => count }, together);
}

function editing(store: Store<Order>, id: string): Candidate {
  return (turn) => store.edit(id, "bob", (draft) => changeLine(draft, turn));
}

interface Steps {
  readonly steps: readonly number[];
  readonly name: (step: number) => string;
  /** How many calls a turn of that step makes. Default 1. */
  readonly turnsOf?: (step: number) => number;
}

/** Measures all steps together and prints each against the first. */
async function compareSteps(
  what: string,
  { steps: all, name, turnsOf = () => 1 }: Steps,
  candidate: (step: number) => Candidate,
): Promise<void> {
  const timings = await interleave(
    Object.fromEntries(all.map((step) => [`step ${step}`, candidate(step)])),
    length,
  );
  const of = (step: number): Timing =>
    (timings[`step ${step}`] ?? []).map(({ cpu, wall }) => ({
      cpu: cpu / turnsOf(step),
      wall: wall / turnsOf(step),
    }));
  for (const step of all) printRatio(`${what}, ${name(step)}`, of(step), of(all[0] ?? step));
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
