import type { Moment } from "@everdraft/core";
import type { Snapshot } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { type Sheet, sheetHistory, snapshotsOf, turn } from "./sheets.ts";
import { patient, portCall, type StoreBench, type StoreSection } from "./store-bench.ts";

const length = 90;

/** Snapshots are disposable: without them, or with wrong ones, every answer is the same. */
export const damagedSnapshots: StoreSection = section("snapshots that are missing or wrong", {
  "without snapshots every answer is the same, and new ones are taken": async (bench) => {
    const { port } = bench;
    const history = await shortHistory(bench);
    await port.snapshots.drop("s", "all", portCall);
    expect(await snapshotsOf(port, length)).toEqual([]);
    expect(await answers(bench, history.asked)).toEqual(history.answers);
    const store = bench.open<Sheet>();
    bench.clock.forward(1);
    const more = Array.from({ length: 40 }, () => store.edit("s", "b", turn, patient));
    await Promise.all(more);
    await store.close();
    expect(await snapshotsOf(port, length + more.length)).not.toEqual([]);
    expect(await answers(bench, history.asked)).toEqual(history.answers);
  },

  "a snapshot that does not match its event is dropped and told of, and changes no answer": async (bench) => {
    const damages: readonly ((snapshot: Snapshot) => Snapshot)[] = [
      (snapshot) => ({ ...snapshot, state: { ...snapshot.state, n: -1 } }),
      (snapshot) => ({ ...snapshot, digest: "x".repeat(snapshot.digest.length) }),
      (snapshot) => ({ ...snapshot, hash: "x".repeat(snapshot.hash.length) }),
      (snapshot) => ({ ...snapshot, state: {} }),
      // found for dates at which its version was not there yet, or not found where it was
      (snapshot) => ({ ...snapshot, at: snapshot.at - 60_000 }),
      (snapshot) => ({ ...snapshot, at: snapshot.at + 60_000 }),
    ];
    const history = await shortHistory(bench);
    for (const damage of damages) {
      await damageAll(bench, history.kept, damage);
      bench.notices.length = 0;
      expect(await answers(bench, history.asked)).toEqual(history.answers);
      expect(bench.notices.filter(({ type }) => type === "snapshot-dropped")).not.toEqual([]);
    }
  },

  "who, which event and which schema are read from the log, whatever a snapshot says": async (bench) => {
    const history = await shortHistory(bench);
    for (const facts of [{ by: "mallory" }, { eventId: "another" }, { schema: 7 }]) {
      await damageAll(bench, history.kept, (snapshot) => ({ ...snapshot, ...facts }));
      expect(await answers(bench, history.asked)).toEqual(history.answers);
      const reverting = bench.open<Sheet>({ cache: { maxBytes: 0 } });
      const version = history.kept[1]?.version ?? 0;
      expect((await reverting.planRevert("s", { version })).to).toBe(version);
    }
  },

  "a snapshot of a version that the log does not have is no ground to stand on": async (bench) => {
    await noGroundToStandOn(bench, ({ at }) => [at, at + 60_000]);
  },

  "a snapshot of the last date that there is, of no version of the log, is no ground either": async (
    bench,
  ) => {
    await noGroundToStandOn(bench, () => [8.64e15]);
  },
});

async function noGroundToStandOn(
  bench: StoreBench,
  timesBeside: (newest: Snapshot) => readonly number[],
): Promise<void> {
  const history = await shortHistory(bench);
  const [newest] = history.kept as [Snapshot];
  const state = { ...newest.state, n: 777 };
  for (const at of timesBeside(newest)) {
    await bench.port.snapshots.put({ ...newest, version: 900, at, state }, portCall);
    expect(await answers(bench, history.asked)).toEqual(history.answers);
    expect((await bench.open<Sheet>().read("s", new Date(8.64e15)))?.version).toBe(length);
  }
}

/** "s" in its versions, its snapshots, and the answers for versions and dates around them. */
async function shortHistory(
  bench: StoreBench,
): Promise<{ kept: Snapshot[]; asked: Moment[]; answers: unknown[] }> {
  const times = await sheetHistory(bench, { length, rows: 12 });
  const kept = await snapshotsOf(bench.port, length);
  const around = [kept[0], kept.at(-1)].map((snapshot) => snapshot?.version ?? 1);
  const versions = [1, 2, length, ...around.flatMap((version) => [version - 1, version, version + 1])];
  const dates = new Set(
    versions.flatMap((version) => [-1, 0].map((shift) => (times[version - 1] as number) + shift)),
  );
  const asked = [...versions.map((version) => ({ version })), ...[...dates].map((date) => new Date(date))];
  return { kept, asked, answers: await answers(bench, asked) };
}

/** The answers of a store without a cache. */
async function answers({ open }: StoreBench, moments: readonly Moment[]): Promise<unknown[]> {
  const store = open<Sheet>({ cache: { maxBytes: 0 } });
  const found: unknown[] = [];
  for (const moment of moments) {
    const read = await store.read("s", moment);
    found.push({ moment, ...read, state: read?.state.n, sealed: undefined });
  }
  return found;
}

async function damageAll(
  { port }: StoreBench,
  kept: readonly Snapshot[],
  damage: (snapshot: Snapshot) => Snapshot,
): Promise<void> {
  for (const snapshot of kept) await port.snapshots.put(damage(snapshot), portCall);
}
