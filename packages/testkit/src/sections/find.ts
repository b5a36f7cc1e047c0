import type { View } from "@everdraft/core/adapter";
import { checkFilter } from "@everdraft/core/internals";
import { expect } from "vitest";
import { eventOf } from "../build/event-of.ts";
import { viewAfter } from "../build/view-of.ts";
import { at, type Bench, call, expectExact, type PortSection, writeView } from "./bench.ts";
import { allFound, findData } from "./find-data.ts";
import type { Row } from "./find-rows.ts";
import { findTable } from "./find-table.ts";
import { type Check, section } from "./section.ts";

const operators = Object.entries(findTable).map(([name, rows]): [string, Check<Bench>["prove"]] => [
  `answers ${name} for every kind of value as the table says`,
  (bench) => expectAnswers(bench, rows),
]);

/** Which documents a filter finds, in which order, and how many there are. */
export const find: PortSection = section("find and count", {
  ...Object.fromEntries(operators),

  "gives whole views, in the order of ids where no sort is asked for": async (bench) => {
    const views = await withFindData(bench);
    const found = await bench.views.find({ filter: {}, sort: [], limit: 1000 }, call);
    expectExact(found, views, bench.types);
  },

  "finds living documents alone, in their newest state": async (bench) => {
    await withFindData(bench);
    const created = eventOf({ doc: "one" });
    await writeView(
      bench,
      viewAfter(eventOf({ doc: "one", version: 2, previous: created.hash }), { v: 100 }),
    );
    await writeView(bench, viewAfter(eventOf({ doc: "list1", version: 2, previous: created.hash })));
    expect(await idsOf(bench, { v: 1 })).toEqual(["list12"]);
    expect(await idsOf(bench, { v: 100 })).toEqual(["one"]);
    expect(await bench.views.count(checkFilter({ v: 1 }, bench.types), call)).toBe(1);
    expect(await bench.views.count({}, call)).toBe(allFound.length - 1);
  },

  "gives no more than the limit, and a short page last": async (bench) => {
    await withFindData(bench);
    const filter = checkFilter({ v: { $exists: true } }, bench.types);
    const whole = allFound.filter((id) => id !== "missing");
    for (const limit of [1, 5, whole.length, whole.length + 1]) {
      const page = await bench.views.find({ filter, sort: [], limit }, call);
      expect(page.map(({ id }) => id)).toEqual(whole.slice(0, limit));
    }
  },

  "gives at least the fields that were selected, unchanged": async (bench) => {
    const state = { a: 1, b: { c: [1, { d: new Date(1) }] }, "e.f": "dotted", "": 0 };
    const view = viewAfter(eventOf({ doc: "x" }), state, bench.types);
    await writeView(bench, view);
    for (const select of [["a"], ["b", "e.f"], ["", "unknown"], []]) {
      const [found] = await bench.views.find({ filter: {}, sort: [], limit: 1, select }, call);
      expectExact({ ...found, state: {} }, { ...view, state: {} }, bench.types);
      const given = Object.entries(found?.state ?? {});
      expectExact(
        Object.fromEntries(given),
        Object.fromEntries(Object.entries(state).filter(([key]) => given.some(([name]) => name === key))),
        bench.types,
      );
      const there = select.filter((key) => Object.hasOwn(state, key));
      expect(given.map(([key]) => key)).toEqual(expect.arrayContaining(there));
    }
  },
});

async function expectAnswers(bench: Bench, rows: readonly Row[]): Promise<void> {
  await withFindData(bench);
  const answers: Record<string, unknown> = {};
  const wanted: Record<string, unknown> = {};
  for (const [filter, ids] of rows) {
    const name = show(filter);
    answers[name] = [
      await idsOf(bench, filter),
      await bench.views.count(checkFilter(filter, bench.types), call),
    ];
    wanted[name] = [ids, ids.length];
  }
  expect(answers).toEqual(wanted);
}

function show(filter: unknown): string {
  return JSON.stringify(filter, (_, value: unknown) => {
    if (typeof value === "number" && !Number.isFinite(value)) return String(value);
    return value instanceof RegExp ? String(value) : value;
  });
}

async function idsOf(bench: Bench, filter: unknown): Promise<unknown[]> {
  const query = { filter: checkFilter(filter, bench.types), sort: [], limit: 1000 };
  return (await bench.views.find(query, call)).map(({ id }) => id);
}

/** Writes the documents of `findData`, backwards, and gives their views in the order of ids. */
async function withFindData(bench: Bench): Promise<View[]> {
  const views = allFound.map((doc) => viewAfter(eventOf({ doc }), findData[doc], bench.types));
  await Promise.all(views.toReversed().map((view) => writeView(bench, view)));
  expect(at(views, 0).id).toBe(allFound[0]);
  return views;
}
