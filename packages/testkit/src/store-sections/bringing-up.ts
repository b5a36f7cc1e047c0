import type { Store } from "@everdraft/core";
import { inspect, type MigrateFailure, migrate, type Progress } from "@everdraft/core/upkeep";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { lines } from "./line-rows.ts";
import { type Order, order } from "./order.ts";
import { ada, bio, type First, type Third, third } from "./people.ts";
import { eventsIn, refused, storesNothing } from "./refusals.ts";
import type { StoreBench, StoreSection } from "./store-bench.ts";
import { wrapStorage } from "./wrap-storage.ts";

const person: First = { name: "Ada Byron", bio, phone: "1" };

/** So many people of schema 1, and one more who was deleted, with a store of schema 3. */
async function people(
  bench: StoreBench,
  count: number,
): Promise<{ older: Store<First>; newer: Store<Third> }> {
  const older = bench.open<First>();
  for (let n = 0; n < count; n++) await older.create(`p-${n}`, "alice", person);
  await older.create("p-gone", "alice", person);
  await older.delete("p-gone", "alice");
  return { older, newer: bench.open<Third>(third) };
}

const idsOf = (count: number): string[] => Array.from({ length: count }, (_, n) => `p-${n}`);

/** Stored documents brought up to the store's schema. */
export const bringingUp: StoreSection = section(
  "migrating documents",
  {
    "each document of an older schema gets one event with the migration alone, all of one act": async (
      bench,
    ) => {
      const { newer } = await people(bench, 5);
      await newer.edit("p-1", "bob", (draft) => void draft.phones.push("2"));
      bench.clock.forward(1_000);
      const at = new Date(bench.clock.now);
      const heard: number[] = [];
      const onProgress = ({ done }: Progress) => heard.push(done);
      expect(await migrate(newer, "job", { rangeSize: 2, onProgress })).toEqual({
        complete: true,
        documents: 4,
        written: 4,
        failures: 0,
      });
      expect(heard.at(-1)).toBe(4);
      const acts = new Set<unknown>();
      for (const id of ["p-0", "p-2", "p-3", "p-4"]) {
        const events = await newer.history(id).toArray();
        expect(events).toHaveLength(2);
        const { patches, act, ...event } = events[1] as (typeof events)[number];
        expect(event).toMatchObject({ type: "edited", by: "job", at, schema: 3, reason: "schema 1 → 3" });
        expect(event.migrated).toBe(patches.length);
        expect(patches.length).toBeGreaterThan(1);
        acts.add(act);
        expect(await newer.read(id)).toMatchObject({ version: 2, by: "job", at, state: ada });
        expect(await newer.stateAt(id, { version: 1 })).toEqual(ada);
        expect(await bench.open<Third>(third).verify(id)).toMatchObject({ ok: true, version: 2 });
      }
      expect([...acts]).toEqual([expect.stringMatching(/^\S+$/)]);
      expect(await newer.history("p-1").toArray()).toHaveLength(2);
      expect(await newer.history("p-gone").toArray()).toHaveLength(2);
      bench.notices.length = 0;
      expect(await newer.find({ last: "Byron" }).toArray()).toHaveLength(5);
      expect(bench.notices).toEqual([]);
    },

    "a second run has nothing to do, and stores nothing": async (bench) => {
      const { newer } = await people(bench, 3);
      await migrate(newer, "job");
      const again = await storesNothing(bench.port, [...idsOf(3), "p-gone"], () => migrate(newer, "job"));
      expect(again).toEqual({ complete: true, documents: 0, written: 0, failures: 0 });
      const first = bench.open<First>({ collection: "of schema 1" });
      expect(await migrate(first, "job")).toEqual({ complete: true, documents: 0, written: 0, failures: 0 });
    },

    "a migration that changes nothing leaves an event that readers see": async (bench) => {
      const older = bench.open<Order>();
      await older.create("o-1", "alice", order());
      const newer = bench.open<Order>({
        schemaVersion: 2,
        migrations: { 1: (state: Order) => ({ ...state }) },
      });
      expect(await migrate(newer, "job", { reason: "for the audit" })).toMatchObject({ written: 1 });
      const [, event] = await newer.history("o-1").toArray();
      expect(event).toMatchObject({
        type: "edited",
        version: 2,
        schema: 2,
        patches: [],
        reason: "for the audit",
      });
      expect(event?.migrated).toBeUndefined();
      expect(await newer.read("o-1")).toMatchObject({ version: 2, by: "job", state: order() });
      expect(await newer.find().toArray()).toMatchObject([{ version: 2, by: "job" }]);
      expect(
        (await newer.edit("o-1", "bob", (draft) => void Object.assign(draft, { note: "x" }))).version,
      ).toBe(3);
      expect(await newer.verify("o-1")).toMatchObject({ ok: true, version: 3 });
      expect(await migrate(newer, "job")).toMatchObject({ documents: 0 });
    },

    "documents that cannot be migrated are counted, told and passed by": async (bench) => {
      const { older } = await people(bench, 4);
      await older.edit("p-1", "alice", (draft) => void Object.assign(draft, { name: "nobody" }));
      const picky = bench.open<Third>({
        ...third,
        migrations: {
          ...third.migrations,
          1: (state: First) =>
            state.name === "nobody" ? fail() : { ...state, first: "Ada", last: state.name },
        },
      });
      const failed: MigrateFailure[] = [];
      const onFailure = (failure: MigrateFailure) => failed.push(failure);
      const result = await storesNothing(bench.port, ["p-1", "p-gone"], () =>
        migrate(picky, "job", { onFailure }),
      );
      expect(result).toEqual({ complete: true, documents: 4, written: 3, failures: 1 });
      expect(failed).toMatchObject([{ id: "p-1", code: "migration", cause: unable }]);
      expect(failed[0]?.message).toMatch(/"p-1"/);
      expect(await picky.count({ _id: { $ne: "p-1" }, last: "Ada Byron" })).toBe(3);
      // the migration was mended: the document that failed comes up
      const mended = await migrate(bench.open<Third>(third), "job", { onFailure });
      expect(mended).toEqual({ complete: true, documents: 1, written: 1, failures: 0 });
      expect(failed).toHaveLength(1);
    },

    "an edit that comes first leaves nothing to do, and none is lost": async (bench) => {
      const { newer } = await people(bench, 12);
      const other = bench.open<Third>(third);
      const edits = idsOf(12).map((id) => other.edit(id, "bob", (draft) => void draft.phones.push("2")));
      const [result] = await Promise.all([migrate(newer, "job", { rangeSize: 2 }), ...edits]);
      expect(result).toMatchObject({ complete: true, failures: 0 });
      for (const id of idsOf(12)) {
        expect(await newer.get(id)).toEqual({ ...ada, phones: ["1", "2"] });
        const raised = (await newer.history(id).toArray()).filter(({ schema }) => schema === 3);
        expect(raised[0]?.migrated).toBeGreaterThan(0);
        for (const later of raised.slice(1)) expect(later.migrated).toBeUndefined();
        expect(raised.filter(({ by }) => by === "bob")).toHaveLength(1);
        expect(await newer.verify(id)).toMatchObject({ ok: true });
      }
    },

    "an abort finishes what is in hand, and the same call goes on with the same act": async (bench) => {
      const { newer } = await people(bench, 9);
      const stop = new AbortController();
      const broken = await migrate(newer, "job", {
        rangeSize: 2,
        concurrency: 1,
        signal: stop.signal,
        onProgress: ({ done }) => done >= 4 && stop.abort(),
      });
      expect(broken).toEqual({ complete: false, documents: 4, written: 4, failures: 0 });
      expect((await inspect(newer)).unfinished).toMatchObject([{ name: "migrate:3:", documents: 4 }]);
      expect((await inspect(newer)).older).toBe(5);
      const totals: unknown[] = [];
      const rest = await migrate(bench.open<Third>(third), "job", {
        onProgress: ({ total }) => totals.push(total),
      });
      expect(rest).toEqual({ complete: true, documents: 9, written: 9, failures: 0 });
      expect(new Set(totals)).toEqual(new Set([9]));
      expect(await inspect(newer)).toMatchObject({ unfinished: [], older: 0, newer: 0 });
      const acts = await Promise.all(idsOf(9).map(async (id) => (await eventsIn(bench.port, id))[1]?.act));
      expect(new Set(acts).size).toBe(1);
    },

    "what was broken off in the middle of a range is gone on with": async (bench) => {
      const { newer } = await people(bench, 10);
      let writes = 0;
      const storage = wrapStorage(bench.storage, ({ log }) => ({
        log: {
          commit: async (appends, ...rest) => {
            if (++writes > 3) throw new Error("the storage is away");
            return log.commit(appends.slice(0, 1), ...rest);
          },
        },
      }));
      const options = { rangeSize: 4, concurrency: 1, timeoutMs: 200 };
      await expect(migrate(bench.open<Third>({ ...third, storage }), "job", options)).rejects.toThrow();
      const rest = await migrate(newer, "job", { rangeSize: 4 });
      expect(rest).toMatchObject({ complete: true, failures: 0 });
      for (const id of idsOf(10)) {
        const events = await newer.history(id).toArray();
        expect(events.filter(({ by }) => by === "job")).toHaveLength(1);
        expect(await newer.get(id)).toEqual(ada);
      }
      expect((await inspect(newer)).older).toBe(0);
    },

    "two runs at once share the work, and each document gets one event": async (bench) => {
      const { newer } = await people(bench, 20);
      const options = { rangeSize: 3, concurrency: 2 };
      const both = await Promise.all([
        migrate(newer, "job", options),
        migrate(bench.open<Third>(third), "job", options),
      ]);
      for (const one of both) expect(one).toMatchObject({ complete: true, failures: 0 });
      for (const id of idsOf(20)) expect(await newer.history(id).toArray()).toHaveLength(2);
    },

    "rows follow, and newer documents are left alone": async (bench) => {
      const older = bench.open<Order>();
      await older.create("o-1", "alice", order());
      const second = {
        schemaVersion: 2,
        migrations: { 1: (state: Order) => ({ ...state, lines: [{ id: "x", qty: 1 }] }) },
      };
      const newest = bench.open<Order>({
        schemaVersion: 3,
        migrations: { ...second.migrations, 2: (state) => state },
      });
      await newest.create("o-2", "alice", order());
      const store = bench.open<Order>({ ...second, projections: [lines] });
      await storesNothing(bench.port, ["o-2"], () => migrate(store, "job"));
      const [set] = await (await bench.port.rows("lines.v1", [], { timeoutMs: 60_000 })).get(["o-1"], {
        timeoutMs: 60_000,
      });
      expect(set).toMatchObject({ version: 2, rows: [{ line: "x" }] });
      expect(await inspect(store)).toMatchObject({ older: 0, newer: 1 });
    },
  },
  {
    "refuses users and options of the wrong form before anything is stored": async (bench) => {
      const { newer } = await people(bench, 1);
      await storesNothing(bench.port, ["p-0"], async () => {
        for (const user of [undefined, "", 7.5, {}]) await refused(migrate(newer, user as never), "user");
        for (const options of [{ reason: 7 }, { concurrency: 0 }, { onFailure: "x" }, { checkpoint: "" }])
          await refused(migrate(newer, "job", options as never), "options");
        await refused(migrate({} as never, "job"), "options");
      });
    },
  },
);

const unable = new Error("no name");

function fail(): never {
  throw unable;
}
