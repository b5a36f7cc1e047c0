import type { CheckedMoment, DocumentId, Snapshot } from "@everdraft/core/adapter";
import { snapshotOf } from "@everdraft/core/internals";
import { expect } from "vitest";
import { type ChainGiven, chainOf } from "../build/chain-of.ts";
import { firstTime } from "../build/event-of.ts";
import { foldOf } from "../build/fold-of.ts";
import { type Bench, call, expectExact, type PortSection } from "./bench.ts";
import { section } from "./section.ts";

/** How kept folds are found, replaced and dropped. */
export const snapshots: PortSection = section("snapshots", {
  "finds the snapshot at or before a version: before, at, between and after snapshots": async (bench) => {
    const [three, five, nine] = await keep(bench, "a", [3, 5, 9]);
    await expectAround(bench, { version: 1 }, undefined);
    await expectAround(bench, { version: 2 }, undefined);
    await expectAround(bench, { version: 3 }, three);
    await expectAround(bench, { version: 4 }, three);
    await expectAround(bench, { version: 5 }, five);
    await expectAround(bench, { version: 8 }, five);
    await expectAround(bench, { version: 9 }, nine);
    await expectAround(bench, { version: 1000 }, nine);
  },

  "finds the neighbours of a date: before, at, between and after snapshots": async (bench) => {
    const [three, five, nine] = await keep(bench, "a", [3, 5, 9]);
    await expectAround(bench, { date: 0 }, undefined, 3);
    await expectAround(bench, { date: timeOf(3) - 1 }, undefined, 3);
    await expectAround(bench, { date: timeOf(3) }, three, 5);
    await expectAround(bench, { date: timeOf(3) + 1 }, three, 5);
    await expectAround(bench, { date: timeOf(5) }, five, 9);
    await expectAround(bench, { date: timeOf(9) - 1 }, five, 9);
    await expectAround(bench, { date: timeOf(9) }, nine, undefined);
    await expectAround(bench, { date: timeOf(1000) }, nine, undefined);
    await expectAround(bench, { date: -1e12 }, undefined, 3);
  },

  "takes the newest of several snapshots of one millisecond": async (bench) => {
    const all = await keep(bench, "a", [2, 3, 4, 6], () => ({ at: 1000 }));
    await expectAround(bench, { date: 1000 }, all[3], undefined);
    await expectAround(bench, { date: 999 }, undefined, 2);
    await expectAround(bench, { version: 3 }, all[1]);
  },

  "finds nothing where no snapshot is, and none of another document": async (bench) => {
    const [two] = await keep(bench, "a", [2]);
    await keep(bench, "b", [1]);
    await expectAround(bench, { version: 5 }, two);
    expect(await bench.snapshots.around("c", { version: 5 }, call)).toEqual({});
    expect(await bench.snapshots.around("c", { date: timeOf(5) }, call)).toEqual({});
  },

  "takes snapshots in any order": async (bench) => {
    const all = await keep(bench, "a", [9, 256, 3, 10, 255]);
    await expectAround(bench, { version: 9 }, all[0]);
    await expectAround(bench, { version: 254 }, all[3]);
    await expectAround(bench, { version: 255 }, all[4]);
    await expectAround(bench, { version: 256 }, all[1]);
  },

  "replaces a snapshot of the same version": async (bench) => {
    await keep(bench, "a", [3]);
    const other = foldOf(chainOf("a", [{ n: 0 }, { n: 1 }, { of: "another history" }]).events);
    const replaced = snapshotOf(other, "a", bench.types);
    await bench.snapshots.put(replaced, call);
    await expectAround(bench, { version: 3 }, replaced);
    await bench.snapshots.drop("a", 3, call);
    await expectAround(bench, { version: 3 }, undefined);
  },

  "drops the snapshot of one version and keeps the others": async (bench) => {
    const [three, five, nine] = await keep(bench, "a", [3, 5, 9]);
    await expectAround(bench, { version: 6 }, five);
    await bench.snapshots.drop("a", 5, call);
    await bench.snapshots.drop("a", 7, call);
    await expectAround(bench, { version: 6 }, three);
    await expectAround(bench, { version: 9 }, nine);
  },

  "drops all snapshots of one document and none of another": async (bench) => {
    await keep(bench, "a", [3, 5, 9]);
    const [four] = await keep(bench, "b", [4]);
    await bench.snapshots.drop("a", "all", call);
    await bench.snapshots.drop("c", "all", call);
    expect(await bench.snapshots.around("a", { version: 100 }, call)).toEqual({});
    expect(await bench.snapshots.around("a", { date: 0 }, call)).toEqual({});
    expectExact(await bench.snapshots.around("b", { version: 100 }, call), { before: four }, bench.types);
  },
});

const timeOf = (version: number): number => firstTime + (version - 1) * 1000;

/** Keeps the snapshots of these versions, in this order, and gives them back in it. */
async function keep(
  bench: Bench,
  doc: DocumentId,
  kept: readonly number[],
  given?: ChainGiven,
): Promise<Snapshot[]> {
  const { events } = chainOf(doc, Math.max(...kept), given, bench.types);
  const made = kept.map((version) =>
    snapshotOf(foldOf(events.slice(0, version), bench.types), doc, bench.types),
  );
  for (const snapshot of made) await bench.snapshots.put(snapshot, call);
  return made;
}

/** Insists on the neighbours of a moment of document "a"; the later one is told of for dates alone. */
async function expectAround(
  bench: Bench,
  moment: CheckedMoment,
  before: Snapshot | undefined,
  after?: number,
): Promise<void> {
  const found = await bench.snapshots.around("a", moment, call);
  expectExact([found.before, found.after], [before, after], bench.types);
}
