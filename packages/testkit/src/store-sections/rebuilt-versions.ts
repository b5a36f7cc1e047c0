import { defineProjection, type State } from "@everdraft/core";
import { dropOldRows, inspect, rebuild } from "@everdraft/core/upkeep";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { lines, writtenBefore } from "./line-rows.ts";
import { linesOf, type Order, order, setNote } from "./order.ts";
import type { StoreSection } from "./store-bench.ts";

const second = defineProjection({
  name: "lines",
  version: 2,
  rows: (given: State<Order>, { id }) => given.lines.map((line) => ({ order: id, sku: line.id })),
});

/** Projections whose code has changed: their new rows beside the old ones. */
export const rebuiltVersions: StoreSection = section("rebuild of a new version", {
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

  "a rebuild of rows that was begun is forgotten when they are dropped": async (bench) => {
    await writtenBefore(bench, 5);
    const old = bench.open({ projections: [lines] });
    await rebuild(old, { projection: "lines" });
    const stop = new AbortController();
    const broken = { rangeSize: 2, concurrency: 1, checkpoint: "again", signal: stop.signal };
    await rebuild(old, {
      ...broken,
      projection: "lines",
      onProgress: ({ done }) => done > 0 && stop.abort(),
    });
    const store = bench.open({ projections: [second] });
    await rebuild(store, { projection: "lines" });
    expect((await inspect(store)).unfinished).toMatchObject([{ name: "rebuild:lines.v1:again" }]);
    expect(await dropOldRows(store, "lines")).toEqual([1]);
    expect((await inspect(store)).unfinished).toEqual([]);
  },

  "projections whose rows are there although a store does not have them are named": async (bench) => {
    await writtenBefore(bench);
    expect((await inspect(bench.open({}))).otherProjections).toEqual([]);
    await rebuild(bench.open({ projections: [lines] }), { projection: "lines" });
    expect((await inspect(bench.open({}))).otherProjections).toEqual(["lines"]);
    expect((await inspect(bench.open({ projections: [second] }))).otherProjections).toEqual([]);
  },

  "what an older version failed on is off the list once a newer one is complete": async (bench) => {
    const failing = (version: number) =>
      defineProjection({
        name: "lines",
        version,
        rows: (_: State<Order>, { id }) => {
          if (id === `o-${version}`) throw new Error("no rows of this one");
          return [{ id }];
        },
      });
    await writtenBefore(bench);
    await rebuild(bench.open({ projections: [failing(1)] }), { projection: "lines" });
    const store = bench.open({ projections: [failing(2)] });
    expect((await inspect(store)).failures).toMatchObject([{ doc: "o-1", projectionVersion: 1 }]);
    await rebuild(store, { projection: "lines" });
    expect((await inspect(store)).failures).toMatchObject([{ doc: "o-2", projectionVersion: 2 }]);
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
});
