import { encode } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { plainTypes } from "../build/plain-types.ts";
import { countingStorage } from "./counting-storage.ts";
import { eventsIn } from "./refusals.ts";
import { type Sheet, sheet, sheetHistory, snapshotsOf } from "./sheets.ts";
import { type StoreSection, storeSection } from "./store-section.ts";

const edits = 2500;
/**
 * Never more than this many events between two snapshots of 5 KB: twice the state and 16 KB, of which each event
 * counts for 256 bytes at least.
 */
const interval = Math.ceil((2 * 5200 + 16_384) / 256);

/** Histories many times longer than what lies between two snapshots. */
export const snapshots: StoreSection = storeSection("histories longer than a snapshot's interval", {
  "snapshots appear by themselves, hold the state of their version, and stay small": async (bench) => {
    await sheetHistory(bench, { length: edits, rows: 50 });
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
    const times = await sheetHistory(bench, { length: edits, rows: 50 });
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

  "deletions, returns and reverts across many snapshots leave every state as it was": async (bench) => {
    const store = bench.open<Sheet>();
    const states: (Sheet | undefined)[] = [];
    states.push((await store.create("s", "alice", sheet(50))).state);
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

function sizeOf(value: unknown): number {
  return encode(value, plainTypes).length;
}
