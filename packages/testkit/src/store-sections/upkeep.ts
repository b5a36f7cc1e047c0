import { defineProjection } from "@everdraft/core";
import {
  dropOldRows,
  inspect,
  type RebuildFailure,
  rebuild,
  type StoreFinding,
  verify,
} from "@everdraft/core/upkeep";
import { expect } from "vitest";
import { linesOf, type Order, order, setNote } from "./order.ts";
import { portCall, type StoreBench } from "./store-bench.ts";
import { type StoreSection, storeSection } from "./store-section.ts";
import { wrapStorage } from "./wrap-storage.ts";

const lines = defineProjection({
  name: "lines",
  version: 1,
  rows: (given: Order, { id }) => given.lines.map((line) => ({ order: id, line: line.id, qty: line.qty })),
});

const second = defineProjection({
  name: "lines",
  version: 2,
  rows: (given: Order, { id }) => given.lines.map((line) => ({ order: id, sku: line.id })),
});

/** Writes orders without any projection: three, of which one is deleted, and one with a long history. */
async function writtenBefore({ open }: StoreBench, count = 3): Promise<void> {
  const store = open();
  for (let n = 0; n < count; n++)
    await store.create(`o-${n}`, "alice", order({ lines: linesOf("a", `l-${n}`) }));
  await store.create("o-gone", "alice", order({ lines: linesOf("z") }));
  await store.delete("o-gone", "alice");
}

/** Loses the views of these documents, as a half-restored backup would. */
async function loseViews({ port }: StoreBench, ids: readonly string[]): Promise<void> {
  for (const [i, view] of (await port.views.get(ids, portCall)).entries()) {
    const id = ids[i] as string;
    if (view !== undefined) await port.views.write({ ...view, id, state: undefined }, "any", portCall);
  }
}

/** Work over all documents: rebuilds, verification, and what there is to know. */
export const upkeep: StoreSection = storeSection("rebuild, verify and inspect", {
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
    expect(heard.at(-1)).toBe(4);
    const found = await store
      .rows<{ line: string }>("lines")
      .find({}, { sort: { line: 1, order: 1 } })
      .toArray();
    expect(found.map(({ row }) => row.line)).toEqual(["a", "a", "a", "l-0", "l-1", "l-2"]);
    expect(await rebuild(store, options)).toMatchObject({ complete: true, documents: 4, written: 0 });
  },

  "a new version is built beside the old one, which can be read until then and dropped after": async (
    bench,
  ) => {
    const old = bench.open({ projections: [lines] });
    await old.create("o-1", "alice", order({ lines: linesOf("a") }));
    const store = bench.open({ projections: [second] });
    await store.create("o-2", "alice", order({ lines: linesOf("b") }));
    expect((await store.rows("lines").find().toArray())[0]?.row).toMatchObject({ line: "a" });
    expect(await rebuild(store, { projection: "lines" })).toMatchObject({ complete: true, documents: 2 });
    expect(
      await store
        .rows("lines")
        .find({}, { sort: { sku: 1 } })
        .toArray(),
    ).toMatchObject([
      { id: "o-1", row: { sku: "a" } },
      { id: "o-2", row: { sku: "b" } },
    ]);
    expect((await old.rows("lines").find().toArray())[0]?.row).toMatchObject({ line: "a" });
    expect(await dropOldRows(store, "lines")).toEqual([1]);
    expect(await dropOldRows(store, "lines")).toEqual([]);
    await expect(old.rows("lines").find().toArray()).rejects.toMatchObject({ code: "rows_not_built" });
    expect(await store.rows("lines").count()).toBe(2);
    await expect(rebuild(old, { projection: "lines" })).rejects.toMatchObject({ code: "rows_not_built" });
    expect(await old.edit("o-1", "bob", setNote("still written"))).toMatchObject({ changed: true });
    expect(await store.rows("lines").count()).toBe(2);
  },

  "a late rebuild of an older version takes no reader back": async (bench) => {
    const old = bench.open({ projections: [lines] });
    await old.create("o-1", "alice", order({ lines: linesOf("a") }));
    const store = bench.open({ projections: [second] });
    await rebuild(store, { projection: "lines" });
    await rebuild(old, { projection: "lines" });
    expect((await store.rows("lines").find().toArray())[0]?.row).toMatchObject({ sku: "a" });
    expect((await old.rows("lines").find().toArray())[0]?.row).toMatchObject({ line: "a" });
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

  "an abort finishes what is in hand, and the same call goes on where it stopped": async (bench) => {
    await writtenBefore(bench, 9);
    const store = bench.open({ projections: [lines] });
    const stop = new AbortController();
    const broken = await rebuild(store, {
      ...{ projection: "lines", rangeSize: 2, concurrency: 1, signal: stop.signal },
      onProgress: ({ done }) => done >= 4 && stop.abort(),
    });
    expect(broken).toMatchObject({ complete: false, documents: 4, failures: 0 });
    expect((await inspect(store)).unfinished).toMatchObject([{ documents: 4 }]);
    await expect(store.rows("lines").count()).rejects.toMatchObject({ code: "rows_not_built" });
    const rest = await rebuild(bench.open({ projections: [lines] }), { projection: "lines", rangeSize: 2 });
    expect(rest).toMatchObject({ complete: true, documents: 10, failures: 0 });
    expect((await inspect(store)).unfinished).toEqual([]);
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

  "a poison document is reported and passed by, and struck off the list when it succeeds": async (bench) => {
    await writtenBefore(bench);
    let poisoned = true;
    const picky = defineProjection({
      name: "picky",
      version: 1,
      rows: (given: Order) => {
        if (poisoned && given.lines[1]?.id === "l-1") throw new Error("cannot be projected");
        return { note: "" };
      },
    });
    const store = bench.open({ projections: [picky] });
    const failed: RebuildFailure[] = [];
    const options = { projection: "picky", onFailure: (failure: RebuildFailure) => failed.push(failure) };
    expect(await rebuild(store, options)).toMatchObject({ complete: true, documents: 4, failures: 1 });
    expect(failed[0]).toMatchObject({ id: "o-1", code: "projection" });
    expect((await inspect(store)).failures).toMatchObject([{ projection: "picky", doc: "o-1", version: 1 }]);
    expect(await store.rows("picky").count()).toBe(2);
    poisoned = false;
    expect(await rebuild(store, options)).toMatchObject({ complete: true, failures: 0, written: 1 });
    expect((await inspect(store)).failures).toEqual([]);
  },

  "verify finds nothing where nothing is wrong, and tells how far it is": async (bench) => {
    const store = bench.open({ projections: [lines] });
    for (let n = 0; n < 5; n++) {
      await store.create(`o-${n}`, "alice", order({ lines: linesOf("a") }));
      await store.edit(`o-${n}`, "bob", setNote("seen"));
    }
    const heard: (number | undefined)[] = [];
    const findings: StoreFinding[] = [];
    const result = await verify(store, {
      rangeSize: 2,
      onProgress: ({ done, total }) => heard.push(done, total),
      onFinding: (finding) => findings.push(finding),
    });
    expect(findings).toEqual([]);
    expect(result).toEqual({ complete: true, documents: 5, repaired: 0, failures: 0 });
    expect(heard.slice(-2)).toEqual([5, 5]);
  },

  "verify finds views and rows that are wrong, says what repair would do, and repair does it": async (
    bench,
  ) => {
    const store = bench.open({ projections: [lines] });
    for (const id of ["o-1", "o-2", "o-3", "o-4"])
      await store.create(id, "alice", order({ lines: linesOf("a", "b") }));
    const rows = await bench.port.rows("lines.v1", [], portCall);
    await rows.write({ doc: "o-2", version: 1, rows: [{ line: "raw" }] }, "any", portCall);
    await rows.write({ doc: "o-ghost", version: 1, rows: [{ line: "ghost" }] }, "lower", portCall);
    const [view] = await bench.port.views.get(["o-3"], portCall);
    if (view !== undefined) await bench.port.views.write({ ...view, state: { raw: true } }, "any", portCall);
    const findings: StoreFinding[] = [];
    const options = { onFinding: (finding: StoreFinding) => findings.push(finding) };
    expect(await verify(store, options)).toMatchObject({
      complete: true,
      documents: 4,
      repaired: 0,
      failures: 3,
    });
    expect(findings.map(({ id, kind }) => `${id} ${kind}`).toSorted()).toEqual([
      "o-2 rows",
      "o-3 drift",
      "o-ghost orphan",
    ]);
    for (const { mend } of findings) expect(mend).toMatch(/write|take/);
    expect(await verify(store, { repair: true })).toMatchObject({ repaired: 3, failures: 0 });
    expect(await verify(store)).toMatchObject({ repaired: 0, failures: 0 });
    expect(await store.rows("lines").count()).toBe(8);
    expect(await store.get("o-3")).toEqual(order({ lines: linesOf("a", "b") }));
  },

  "verify passes by the rows of a projection that is not rebuilt yet": async (bench) => {
    await writtenBefore(bench);
    const store = bench.open({ projections: [lines] });
    expect(await verify(store)).toMatchObject({ complete: true, failures: 0 });
  },

  "verify runs projections twice and tells of one that is not pure": async (bench) => {
    let n = 0;
    const impure = defineProjection({ name: "impure", version: 1, rows: () => ({ n: n++ }) });
    const store = bench.open({ projections: [impure] });
    await store.create("o-1", "alice", order());
    const findings: StoreFinding[] = [];
    await verify(store, { onFinding: (finding) => findings.push(finding) });
    expect(findings).toMatchObject([{ id: "o-1", kind: "impure", projection: "impure" }]);
  },

  "verify looks only at what it is asked for": async (bench) => {
    await writtenBefore(bench, 4);
    const store = bench.open();
    expect((await verify(store, { ids: ["o-1", "o-3"] })).documents).toBe(2);
    expect((await verify(store, { from: "o-1" })).documents).toBe(3);
    expect((await verify(store, { sample: 1e-9 })).documents).toBe(0);
  },

  "verify with a checkpoint goes on after a break, and begins anew once it is finished": async (bench) => {
    await writtenBefore(bench, 9);
    const store = bench.open();
    const stop = new AbortController();
    const options = { checkpoint: "nightly", rangeSize: 2, concurrency: 1 };
    const broken = await verify(store, {
      ...{ ...options, signal: stop.signal },
      onProgress: ({ done }) => done >= 4 && stop.abort(),
    });
    expect(broken).toMatchObject({ complete: false, documents: 4 });
    expect(await verify(store, options)).toMatchObject({ complete: true, documents: 10 });
    expect(await verify(store, options)).toMatchObject({ complete: true, documents: 10 });
  },

  "inspect tells what there is": async (bench) => {
    const store = bench.open({ projections: [lines] });
    await store.create("o-1", "alice", order({ lines: linesOf("a", "b") }));
    await store.edit("o-1", "alice", setNote("seen"));
    await store.sweep();
    expect(await inspect(store)).toMatchObject({
      ...{ documents: 1, events: 2, snapshots: 0, failures: [], unfinished: [], problems: [] },
      projections: [{ name: "lines", version: 1, active: 1, oldest: 1, rows: 2 }],
      sweptAt: new Date(bench.clock.now),
    });
  },
});
