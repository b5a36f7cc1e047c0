import { type SchemaRange, type View, withoutHistory } from "@everdraft/core/adapter";
import { checkFilter } from "@everdraft/core/internals";
import { expect } from "vitest";
import { eventOf } from "../build/event-of.ts";
import { viewAfter } from "../build/view-of.ts";
import { type Bench, call, endless, type PortSection, writeView } from "./bench.ts";
import { section } from "./section.ts";

const versions: Readonly<Record<string, number>> = { a: 1, b: 3, c: 2, d: 1, e: 4, f: 2 };

/** Which documents there are of each range of schema versions; "raw" has no history. */
const ranges: readonly [SchemaRange, string][] = [
  [{}, "abcdef"],
  [{ from: 1, to: 1 }, "ad"],
  [{ to: 2 }, "acdf"],
  [{ from: 2 }, "bcef"],
  [{ from: 2, to: 3 }, "bcf"],
  [{ from: 5 }, ""],
  [{ from: 3, to: 2 }, ""],
  [{ from: 3, withoutHistory: true }, "be raw"],
  [{ to: 1, withoutHistory: true }, "ad raw"],
];

/** Views by the schema versions of their states. */
export const schemas: PortSection = section("views of some schema versions", {
  "finds and counts the views of a range of schema versions alone": async (bench) => {
    await withVersions(bench);
    const found: [SchemaRange, string][] = [];
    for (const [schema] of ranges) {
      const ids = await idsOf(bench, {}, schema);
      expect(await bench.views.count({}, call, schema)).toBe(ids.length);
      found.push([schema, shown(ids)]);
    }
    expect(found).toEqual(ranges);
    expect(shown(await idsOf(bench, {}, undefined))).toBe("abcdef raw");
  },

  "joins the range with filter, sort, ids and pages": async (bench) => {
    await withVersions(bench);
    const schema = { from: 2 };
    for (const [filter, wanted] of [
      [{}, "bcef"],
      [{ n: { $lt: 3 } }, "bc"],
      [{ _id: { $in: ["a", "b", "e"] } }, "be"],
      [{ _id: { $gt: "b" } }, "cef"],
      [{ _id: "a" }, ""],
      [{ $or: [{ _id: "a" }, { _id: "c" }] }, "c"],
    ] as const) {
      expect([filter, shown(await idsOf(bench, filter, schema))]).toEqual([filter, wanted]);
      expect(await bench.views.count(checkFilter(filter, bench.types), call, schema)).toBe(wanted.length);
    }
    for (const direction of [1, -1] as const) {
      const ids: unknown[] = [];
      for (let after: View | undefined, pages = 0; ; pages++) {
        if (pages > 10) throw new Error(endless);
        const behind = after && { after: { id: after.id, values: [after.state?.n] } };
        const page = await bench.views.find(
          { filter: {}, sort: [["n", direction]], limit: 2, schema, ...behind },
          call,
        );
        ids.push(...page.map(({ id }) => id));
        after = page.at(-1);
        if (page.length < 2) break;
      }
      expect(shown(direction === 1 ? ids : ids.toReversed())).toBe("bcef");
    }
  },

  "knows the schema version of a view that was written over": async (bench) => {
    await withVersions(bench);
    const created = eventOf({ doc: "a" });
    await writeView(bench, {
      ...viewAfter(eventOf({ doc: "a", version: 2, previous: created.hash }), { n: 0 }),
      schema: 3,
    });
    expect(shown(await idsOf(bench, {}, { to: 1 }))).toBe("d");
    expect(shown(await idsOf(bench, {}, { from: 3, to: 3 }))).toBe("ab");
  },
});

async function withVersions(bench: Bench): Promise<void> {
  for (const [n, [doc, schema]] of Object.entries(versions).entries())
    await writeView(bench, { ...viewAfter(eventOf({ doc }), { n }, bench.types), schema });
  await bench.views.write({ ...withoutHistory, id: "raw", state: { n: 100 } }, "any", call);
}

async function idsOf(bench: Bench, filter: object, schema: SchemaRange | undefined): Promise<unknown[]> {
  const query = {
    filter: checkFilter(filter, bench.types),
    sort: [],
    limit: 1_000,
    ...(schema && { schema }),
  };
  return (await bench.views.find(query, call)).map(({ id }) => id);
}

function shown(ids: readonly unknown[]): string {
  return ids.map((id) => (id === "raw" ? " raw" : String(id))).join("");
}
