import { defineProjection } from "@everdraft/core";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { idsOf, mixed, told } from "./mixed-schemas.ts";
import { type First, type Third, third } from "./people.ts";
import { refused } from "./refusals.ts";
import type { StoreSection } from "./store-bench.ts";

/** Finds, counts, sweeps and rows of a store while there are documents of newer schema versions than its own. */
export const newerSchemas: StoreSection = section("finding documents of newer schemas", {
  "documents of a newer schema are left out with a notice, or refused": async (bench) => {
    const { older } = await mixed(bench);
    const calls: readonly [
      string,
      (options: { onNewer?: "skip" | "refuse" }) => Promise<unknown>,
      unknown,
    ][] = [
      ["all", (options) => idsOf(older.find({}, options)), "aceg"],
      ["by a field", (options) => idsOf(older.find({ name: { $gt: "B" } }, options)), "ceg"],
      ["sorted", (options) => idsOf(older.find({}, { sort: { name: -1 }, ...options })), "geca"],
      ["cut", (options) => idsOf(older.find({}, { sort: { name: 1 }, limit: 3, ...options })), "ace"],
      ["what newer ones lack", (options) => idsOf(older.find({ name: { $exists: false } }, options)), ""],
      ["count of all", (options) => older.count({}, options), 4],
      ["count by a field", (options) => older.count({ name: { $gt: "B" } }, options), 3],
      ["count of what newer ones lack", (options) => older.count({ name: { $exists: false } }, options), 0],
    ];
    for (const [what, call, wanted] of calls) {
      bench.notices.length = 0;
      expect([what, await call({})]).toEqual([what, wanted]);
      expect(told(bench.notices, "newer-schema").length, what).toBeLessThan(2);
      expect([what, await call({ onNewer: "skip" })]).toEqual([what, wanted]);
      const error = await refused(call({ onNewer: "refuse" }), "schema_too_new");
      expect(error.details).toMatchObject({ found: 3, known: 1 });
    }
    bench.notices.length = 0;
    await older.find().toArray();
    await older.count();
    expect(told(bench.notices, "newer-schema")).toMatchObject([
      { id: "b", found: 3, known: 1 },
      { id: "b", found: 3, known: 1 },
    ]);
    for (const onNewer of ["ask", true, null] as never[]) {
      await refused(older.find({}, { onNewer }).toArray(), "options");
      await refused(older.count({}, { onNewer }), "options");
    }
    // a document asked for by its id is no accident
    await refused(older.getMany(["a", "b"]), "schema_too_new");
    expect(await idsOf(older.find({ _id: { $in: ["a", "c"] } }, { onNewer: "refuse" }))).toBe("ac");
  },

  "older and newer documents at once are each taken as they should": async (bench) => {
    const { older, newer } = await mixed(bench);
    const between = bench.open<{ first: string; last: string }>({
      schemaVersion: 2,
      migrations: { 1: third.migrations?.[1] as never },
    });
    await newer.delete("b", "bob");
    await older.delete("c", "bob");
    expect(await idsOf(between.find({}, { sort: { last: -1 } }))).toBe("gea");
    expect(await idsOf(between.find({ first: { $exists: true } }))).toBe("aeg");
    expect(await between.count({ last: "Byron" })).toBe(1);
    expect(await between.count()).toBe(3);
    expect(told(bench.notices, "older-schema").length).toBeGreaterThan(0);
    expect(told(bench.notices, "newer-schema").length).toBeGreaterThan(0);
  },

  "a document of a newer schema keeps no sweep and no read of rows from the others": async (bench) => {
    const named = defineProjection({ name: "named", version: 1, rows: ({ name }: First) => ({ name }) });
    const older = bench.open<First>({ projections: [named] });
    for (const id of ["a", "b"]) await older.create(id, "alice", { name: "Ada Byron" });
    // both by processes that do not have the projection
    await bench
      .open<Third>(third)
      .edit("a", "bob", (draft) => void Object.assign(draft, { last: "Lovelace" }));
    await bench.open<First>().edit("b", "bob", (draft) => void Object.assign(draft, { name: "Bob Crow" }));
    await refused(older.read("a"), "schema_too_new");
    expect(await older.sweep()).toMatchObject({ broughtForward: 1 });
    bench.notices.length = 0;
    const rows = await older.rows("named").find().toArray();
    expect(rows.map(({ id, row }) => `${id}: ${row.name}`)).toEqual(["a: Ada Byron", "b: Bob Crow"]);
    // nothing is tried again that this store cannot do
    expect(bench.notices).toEqual([]);
  },
});
