import { defineProjection, type State } from "@everdraft/core";
import { inspect, type RebuildFailure, rebuild } from "@everdraft/core/upkeep";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { lines, writtenBefore } from "./line-rows.ts";
import type { Order } from "./order.ts";
import { portCall, type StoreBench, type StoreSection } from "./store-bench.ts";
import { wrapStorage } from "./wrap-storage.ts";

/** Loses the views of these documents, as a half-restored backup would. */
async function loseViews({ port }: StoreBench, ids: readonly string[]): Promise<void> {
  for (const [i, view] of (await port.views.get(ids, portCall)).entries()) {
    const id = ids[i] as string;
    if (view !== undefined) await port.views.write({ ...view, id, state: undefined }, "any", portCall);
  }
}

/** Views and rows made anew from the log, range by range. */
export const rebuilds: StoreSection = section(
  "rebuild",
  {
    "rebuild makes the rows of a projection that is new, and then they are read": async (bench) => {
      await writtenBefore(bench);
      const store = bench.open({ projections: [lines] });
      const heard: number[] = [];
      const options = {
        projection: "lines",
        rangeSize: 2,
        onProgress: ({ done }: { done: number }) => heard.push(done),
      };
      expect(await rebuild(store, options)).toMatchObject({ complete: true, documents: 4, failures: 0 });
      expect(heard).toEqual([0, 2, 4, 4]);
      const found = await store
        .rows(lines)
        .find({}, { sort: { line: 1, order: 1 } })
        .toArray();
      expect(found.map(({ row }) => row.line)).toEqual(["a", "a", "a", "l-0", "l-1", "l-2"]);
      expect(await rebuild(store, options)).toMatchObject({ complete: true, documents: 4, written: 0 });
    },

    "rebuild makes lost views anew, and leaves those alone that are right": async (bench) => {
      await writtenBefore(bench);
      await loseViews(bench, ["o-0", "o-2"]);
      const store = bench.open();
      expect(await rebuild(store, { projection: "view" })).toMatchObject({
        complete: true,
        documents: 4,
        failures: 0,
      });
      for (const id of ["o-0", "o-1", "o-2"]) expect(await store.get(id)).toMatchObject({ customer: "c-7" });
      expect(await store.get("o-gone")).toBeUndefined();
      expect(await rebuild(store, { projection: "view" })).toMatchObject({ written: 0 });
    },

    "ranges that are worked on at once are each planned once": async (bench) => {
      await writtenBefore(bench, 20);
      let pages = 0;
      const storage = wrapStorage(bench.storage, ({ log }) => ({
        log: {
          documents: (...given) => {
            pages++;
            return log.documents(...given);
          },
        },
      }));
      const store = bench.open({ storage });
      await store.ready();
      pages = 0;
      await rebuild(store, { projection: "view", rangeSize: 3, concurrency: 4 });
      // seven ranges of 21 documents, and the empty page behind them
      expect(pages).toBe(8);
    },

    "an abort finishes what is in hand, and the same call goes on where it stopped": async (bench) => {
      await writtenBefore(bench, 9);
      // at each page once, each time of a version that nobody has built
      for (const version of [1, 2, 3, 4, 5]) {
        const projections = [{ ...lines, version }];
        const store = bench.open({ projections });
        const stop = new AbortController();
        const broken = await rebuild(store, {
          projection: "lines",
          rangeSize: 2,
          concurrency: 1,
          signal: stop.signal,
          onProgress: ({ done }) => done >= version * 2 && stop.abort(),
        });
        expect(broken).toMatchObject({ complete: false, documents: version * 2, failures: 0 });
        expect((await inspect(store)).unfinished).toMatchObject([{ documents: version * 2 }]);
        if (version === 1)
          await expect(store.rows("lines").count()).rejects.toMatchObject({ code: "rows_not_built" });
        const rest = await rebuild(bench.open({ projections }), { projection: "lines", rangeSize: 2 });
        expect(rest).toMatchObject({ complete: true, documents: 10, failures: 0 });
        expect((await inspect(store)).unfinished).toEqual([]);
        expect(await store.rows("lines").count()).toBe(18);
      }
    },

    "two rebuilds at once share the work: every document is done once": async (bench) => {
      await writtenBefore(bench, 30);
      const options = { projection: "lines", rangeSize: 3, concurrency: 2 };
      const both = [bench.open({ projections: [lines] }), bench.open({ projections: [lines] })];
      const [one, two] = await Promise.all(both.map((store) => rebuild(store, options)));
      expect(one).toMatchObject({ complete: true, documents: 31, failures: 0 });
      // the second may have come when the first was done, and then begins anew
      expect(two).toMatchObject({ complete: true, documents: 31, failures: 0 });
      expect(await (both[0] as (typeof both)[0]).rows("lines").count()).toBe(60);
    },
  },
  {
    "a view that the collection refuses is told of and passed by": async (bench) => {
      await writtenBefore(bench);
      await loseViews(bench, ["o-0", "o-1", "o-2"]);
      const storage = wrapStorage(bench.storage, ({ views }) => ({
        views: {
          write: async (view, ...rest) => (view.id === "o-1" ? "refused" : views.write(view, ...rest)),
        },
      }));
      const failed: RebuildFailure[] = [];
      const options = { projection: "view", onFailure: (failure: RebuildFailure) => failed.push(failure) };
      const result = await rebuild(bench.open({ storage }), options);
      expect(result).toMatchObject({ complete: true, documents: 4, failures: 1 });
      // once, though the second pass, over the documents changed of late, meets it again
      expect(failed.map(({ id, code }) => `${id} ${code}`)).toEqual(["o-1 constraint"]);
      const store = bench.open();
      expect(await store.getMany(["o-0", "o-1", "o-2"])).toMatchObject([{}, undefined, {}]);
    },

    "a rebuild of lost views tells no total, rather than a wrong one, until all are met": async (bench) => {
      await writtenBefore(bench);
      await loseViews(bench, ["o-0", "o-1", "o-2"]);
      const totals: (number | undefined)[] = [];
      await rebuild(bench.open(), {
        projection: "view",
        rangeSize: 1,
        concurrency: 1,
        onProgress: ({ total }) => totals.push(total),
      });
      expect(totals.at(-1)).toBe(4);
      expect(totals.slice(0, 5)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    },

    "a storage that fails ends a rebuild, and the next one takes the range at once": async (bench) => {
      await writtenBefore(bench, 5);
      let writes = 0;
      const storage = wrapStorage(bench.storage, () => ({
        rows: {
          write: async (...given) => {
            if (++writes > 3) throw new Error("the storage is away");
            return (await bench.port.rows("lines.v1", [], portCall)).write(...given);
          },
        },
      }));
      const options = { projection: "lines", rangeSize: 2, concurrency: 1 };
      await expect(rebuild(bench.open({ storage, projections: [lines] }), options)).rejects.toThrow("away");
      const store = bench.open({ projections: [lines] });
      expect(await rebuild(store, options)).toMatchObject({ complete: true, documents: 6 });
      expect(await store.rows("lines").count()).toBe(10);
    },

    "a poison document is reported and passed by, and struck off the list when it succeeds": async (
      bench,
    ) => {
      await writtenBefore(bench);
      let poisoned = true;
      const picky = defineProjection({
        name: "picky",
        version: 1,
        rows: (given: State<Order>) => {
          if (poisoned && given.lines[1]?.id === "l-1") throw new Error("cannot be projected");
          return { note: "" };
        },
      });
      const store = bench.open({ projections: [picky] });
      const failed: RebuildFailure[] = [];
      const options = { projection: "picky", onFailure: (failure: RebuildFailure) => failed.push(failure) };
      expect(await rebuild(store, options)).toMatchObject({ complete: true, documents: 4, failures: 1 });
      expect(failed[0]).toMatchObject({ id: "o-1", code: "projection" });
      expect((await inspect(store)).failures).toMatchObject([
        { projection: "picky", doc: "o-1", version: 1 },
      ]);
      expect(await store.rows("picky").count()).toBe(2);
      poisoned = false;
      expect(await rebuild(store, options)).toMatchObject({ complete: true, failures: 0, written: 1 });
      expect((await inspect(store)).failures).toEqual([]);
    },
  },
);
