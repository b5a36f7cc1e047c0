import { encode } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { plainTypes } from "../build/plain-types.ts";
import { section } from "../sections/section.ts";
import { countingStorage } from "./counting-storage.ts";
import { eventsIn } from "./refusals.ts";
import { type Sheet, sheet, sheetHistory, snapshotsOf, turn, turnBytes } from "./sheets.ts";
import { portCall, type StoreSection } from "./store-bench.ts";
import { wrapStorage } from "./wrap-storage.ts";

const edits = 500;
/** Never more than this many events between two snapshots of 6 KB: twice the state and 4 KB. */
const interval = Math.ceil((2 * 6300 + 4_096) / turnBytes);

/** Histories many times longer than the distance between two snapshots. */
export const snapshots: StoreSection = section(
  "histories longer than a snapshot's interval",
  {
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
      for (let version = 1; version <= edits; version += 11) {
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

    "many processes that write one document take no more snapshots than one would": async (bench) => {
      const writers = {
        "a process for each edit": () => bench.open<Sheet>({ collection: "a process for each edit" }),
        "no cache": once(() => bench.open<Sheet>({ collection: "no cache", cache: { maxBytes: 0 } })),
        "three in turn": inTurn(3, () => bench.open<Sheet>({ collection: "three in turn" })),
      };
      for (const [collection, writer] of Object.entries(writers)) {
        await writer().create("s", "alice", sheet(50));
        for (let i = 0; i < 70; i++) {
          const store = writer();
          await store.edit("s", "alice", turn);
          if (collection === "a process for each edit") await store.close();
        }
        const port = await bench.storage.open(collection, portCall);
        const versions = (await snapshotsOf(port, 71)).map(({ version }) => version);
        // who writes while one is being kept may keep another
        const apart = versions.filter((version, i) => version - (versions[i + 1] ?? 0) > 3);
        expect(apart.length).toBeGreaterThanOrEqual(2);
        expect(apart.length).toBeLessThanOrEqual(5);
        expect(versions.length).toBeLessThanOrEqual(2 * apart.length);
        for (const [i, version] of versions.entries())
          expect(version - (versions[i + 1] ?? 0)).toBeLessThanOrEqual(interval + 3);
      }
    },

    "an imported history has its snapshots too": async (bench) => {
      const store = bench.open<Sheet>();
      const revisions = Array.from({ length: 200 }, (_, i) => {
        const state = { ...sheet(50), n: i };
        turn(state);
        return { id: "s", at: new Date(i), by: "alice", state };
      });
      await store.import(revisions);
      await store.close();
      const versions = [200, ...(await snapshotsOf(bench.port, 200)).map(({ version }) => version), 0];
      for (const [i, version] of versions.slice(0, -1).entries())
        expect(version - (versions[i + 1] as number)).toBeLessThanOrEqual(interval + 3);
    },

    "deletions, returns and reverts across many snapshots leave every state as it was": async (bench) => {
      const store = bench.open<Sheet>();
      const states: (Sheet | undefined)[] = [];
      states.push((await store.create("s", "alice", sheet(50))).state);
      for (let version = 2; version <= 120; version++) {
        bench.clock.forward(version % 3);
        const row = { [`r${version % 50}`]: `${version}`.padEnd(turnBytes, ".") };
        if (version % 15 === 0) await store.delete("s", "alice");
        else if (version % 30 === 1) await store.restore("s", "alice");
        else if (version % 15 === 1) await store.create("s", "alice", { n: version, rows: row });
        else if (version % 11 === 0) await store.revert("s", "alice", { version: version - 4 });
        else await store.edit("s", "alice", (draft) => void Object.assign(draft.rows, row));
        states.push(await store.get("s"));
      }
      await store.close();
      expect((await snapshotsOf(bench.port, 120)).length).toBeGreaterThan(3);
      const cold = bench.open<Sheet>();
      for (const [i, state] of states.entries())
        expect(await cold.stateAt("s", { version: i + 1 })).toEqual(state);
      expect(await cold.verify("s")).toMatchObject({ ok: true, version: 120 });
    },
  },
  {
    "a snapshot that could not be kept is told of and taken by the next writer": async (bench) => {
      let left = 2;
      const cause = new Error("no room for snapshots");
      const storage = wrapStorage(bench.storage, ({ snapshots }) => ({
        snapshots: {
          put: (snapshot, call) => (left-- > 0 ? Promise.reject(cause) : snapshots.put(snapshot, call)),
        },
      }));
      const store = bench.open<Sheet>({ storage });
      await store.create("s", "alice", sheet(50));
      for (let i = 0; i < 20; i++) await store.edit("s", "alice", turn);
      await store.close();
      const failed = bench.notices.filter(({ type }) => type === "snapshot-failed");
      expect(failed).toEqual([
        { type: "snapshot-failed", id: "s", version: expect.any(Number), cause },
        { type: "snapshot-failed", id: "s", version: expect.any(Number), cause },
      ]);
      const [first] = failed as { version: number }[];
      const [kept, ...others] = await snapshotsOf(bench.port, 21);
      expect(others).toEqual([]);
      expect((kept?.version ?? 0) - (first?.version ?? 0)).toBeLessThanOrEqual(4);
    },
  },
);

function sizeOf(value: unknown): number {
  return encode(value, plainTypes).length;
}

function once<V>(make: () => V): () => V {
  let made: V | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function inTurn<V>(count: number, make: () => V): () => V {
  const all = Array.from({ length: count }, () => once(make));
  let turn = 0;
  return () => (all[turn++ % count] as () => V)();
}
