import type { Moment } from "@everdraft/core";
import { encode, type Snapshot, type StoredCollection } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { plainTypes } from "../build/plain-types.ts";
import { countingStorage } from "./counting-storage.ts";
import { eventsIn } from "./refusals.ts";
import { portCall, type StoreBench } from "./store-bench.ts";
import { type StoreSection, storeSection } from "./store-section.ts";

/** A document of about 5 KB, of which an edit changes a few bytes. */
interface Sheet {
  n: number;
  rows: Record<string, string>;
}

const edits = 3000;
/** Never more than this many events between two snapshots: twice the state and 16 KB, of which each event counts for 256 bytes at least. */
const interval = Math.ceil((2 * 5200 + 16_384) / 256);

/** Histories many times longer than what lies between two snapshots. */
export const snapshots: StoreSection = storeSection("histories longer than a snapshot's interval", {
  "snapshots appear by themselves, hold the state of their version, and stay small": async (bench) => {
    await longHistory(bench);
    const store = bench.open<Sheet>();
    const kept = await snapshotsOf(bench.port, edits);
    expect(kept.length).toBeGreaterThan(edits / interval / 2);
    for (const { version, state, at, by, eventId, hash } of kept) {
      expect(state).toEqual(await store.stateAt("s", { version }));
      const [event] = await store.history("s", { from: { version }, to: { version } }).toArray();
      expect(event).toMatchObject({ at: new Date(at), by, eventId, hash });
    }
    const events = await eventsIn(bench.port, "s");
    const logBytes = events.reduce((sum, { patches }) => sum + 256 + sizeOf(patches), 0);
    const snapshotBytes = kept.reduce((sum, { state }) => sum + sizeOf(state), 0);
    expect(snapshotBytes).toBeLessThan(logBytes / 2);
  },

  "any state costs a bounded number of events, however long the history": async (bench) => {
    const times = await longHistory(bench);
    const { storage, taken } = countingStorage(bench.storage);
    const store = bench.open<Sheet>({ storage, cache: { maxBytes: 0 } });
    await store.ready();
    await store.sweep();
    taken();
    for (let version = 1; version <= edits; version += 41) {
      expect((await store.stateAt("s", { version }))?.n).toBe(version);
      expect(taken()).toBeLessThanOrEqual(interval + 3);
      const date = times[version - 1] as number;
      const last = times.findLastIndex((at) => at <= date) + 1;
      expect((await store.stateAt("s", new Date(date)))?.n).toBe(last);
      expect(taken()).toBeLessThanOrEqual(interval + 3);
    }
    expect(await store.get("s")).toMatchObject({ n: edits });
    expect(taken()).toBe(0);
    expect(await store.read("s")).toMatchObject({ version: edits, state: { n: edits } });
    expect(taken()).toBeLessThanOrEqual(3);
    await store.edit("s", "bob", (draft) => void draft.n++);
    expect(taken()).toBeLessThanOrEqual(3);
  },

  "without snapshots every answer is the same, and new ones are taken": async (bench) => {
    const { port } = bench;
    const history = await shortHistory(bench);
    await port.snapshots.drop("s", "all", portCall);
    expect(await snapshotsOf(port, 600)).toEqual([]);
    expect(await answers(bench, history.asked)).toEqual(history.answers);
    const store = bench.open<Sheet>();
    bench.clock.forward(1);
    const more = Array.from({ length: 2 * interval }, () => store.edit("s", "b", (draft) => void draft.n++));
    await Promise.all(more);
    await store.close();
    expect(await snapshotsOf(port, 600 + more.length)).not.toEqual([]);
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
      expect((await reverting.revert("s", "bob", { version }, { dryRun: true })).to).toBe(version);
    }
  },

  "a snapshot of a version that the log does not have is no ground to stand on": async (bench) => {
    const history = await shortHistory(bench);
    const [newest] = history.kept as [Snapshot];
    const state = { ...newest.state, n: 777 };
    for (const at of [newest.at, newest.at + 60_000, 8.64e15]) {
      await bench.port.snapshots.put({ ...newest, version: 900, at, state }, portCall);
      expect(await answers(bench, history.asked)).toEqual(history.answers);
      expect((await bench.open<Sheet>().read("s", new Date(8.64e15)))?.version).toBe(600);
    }
  },

  "deletions, returns and reverts across many snapshots leave every state as it was": async (bench) => {
    const store = bench.open<Sheet>();
    const states: (Sheet | undefined)[] = [];
    states.push((await store.create("s", "alice", sheet())).state);
    for (let version = 2; version <= 400; version++) {
      bench.clock.forward(version % 3);
      const row = { [`r${version % 50}`]: `${version}`.repeat(60) };
      if (version % 40 === 0) await store.delete("s", "alice");
      else if (version % 80 === 1) await store.restore("s", "alice");
      else if (version % 40 === 1) await store.create("s", "alice", { n: version, rows: row });
      else if (version % 25 === 0) await store.revert("s", "alice", { version: version - 23 });
      else await store.edit("s", "alice", (draft) => void Object.assign(draft.rows, row));
      states.push(await store.get("s"));
    }
    await store.close();
    expect((await snapshotsOf(bench.port, 400)).length).toBeGreaterThan(3);
    const cold = bench.open<Sheet>();
    for (const [i, state] of states.entries())
      expect(await cold.stateAt("s", { version: i + 1 })).toEqual(state);
    expect(await cold.verify("s")).toMatchObject({ ok: true, version: 400 });
  },
});

function sheet(): Sheet {
  const rows = Array.from({ length: 50 }, (_, i) => [`r${i}`, String(i).repeat(45)]);
  return { n: 1, rows: Object.fromEntries(rows) as Record<string, string> };
}

/** "s" in so many versions of about 5 KB, in which n is the version; gives their times, of which three each are equal. */
async function longHistory({ open, clock }: StoreBench, length: number = edits): Promise<number[]> {
  const store = open<Sheet>();
  await store.create("s", "alice", sheet());
  for (let done = 1; done < length; ) {
    const chunk = Array.from({ length: Math.min(50, length - done) }, () => {
      done++;
      return store.edit("s", `user-${done % 7}`, (draft) => void draft.n++);
    });
    await Promise.all(chunk);
    clock.forward(1);
  }
  await store.close();
  return (await open<Sheet>().history("s").toArray()).map(({ at }) => at.getTime());
}

/** "s" in 600 versions, its snapshots, and what is answered for versions and dates, those of snapshots among them. */
async function shortHistory(
  bench: StoreBench,
): Promise<{ kept: Snapshot[]; asked: Moment[]; answers: unknown[] }> {
  const times = await longHistory(bench, 600);
  const kept = await snapshotsOf(bench.port, 600);
  const versions = [
    1,
    2,
    150,
    599,
    600,
    ...kept.flatMap(({ version }) => [version - 1, version, version + 1]),
  ];
  const dates = versions.flatMap((version) =>
    [-1, 0, 1].map((shift) => (times[version - 1] as number) + shift),
  );
  const asked = [...versions.map((version) => ({ version })), ...dates.map((date) => new Date(date))];
  return { kept, asked, answers: await answers(bench, asked) };
}

/** What a store without a cache answers. */
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

/** The snapshots of "s" up to a version, newest first. */
async function snapshotsOf({ snapshots }: StoredCollection, head: number): Promise<Snapshot[]> {
  const found: Snapshot[] = [];
  for (let version = head; version > 0; ) {
    const { before } = await snapshots.around("s", { version }, portCall);
    if (before === undefined) break;
    found.push(before);
    version = before.version - 1;
  }
  return found;
}

function sizeOf(value: unknown): number {
  return encode(value, plainTypes).length;
}
