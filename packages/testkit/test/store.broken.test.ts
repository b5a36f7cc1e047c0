// The kit is tested too: a store on a broken storage must fail the sections that are there to notice.
import { describe, expect, test, vi } from "vitest";
import type { OpenedStorage } from "../src/index.ts";
import { storeSections } from "../src/store-sections/sections.ts";
import { onFreshStore } from "../src/store-sections/store-bench.ts";
import { brokenEngine, oneCollection } from "./broken/breaks.ts";
import { failingChecks, nameOf } from "./broken/failing-checks.ts";
import { brokenCommits } from "./broken/store/broken-commits.ts";
import { brokenEvents } from "./broken/store/broken-events.ts";
import { brokenFinds } from "./broken/store/broken-finds.ts";
import { brokenRecords } from "./broken/store/broken-records.ts";
import { brokenViews } from "./broken/store/broken-views.ts";

vi.setConfig({ testTimeout: 600_000 });

type Opened = readonly [sections: readonly string[], what: string, open: () => OpenedStorage];

const broken: readonly Opened[] = [
  ...[...brokenEvents, ...brokenCommits, ...brokenViews, ...brokenFinds, ...brokenRecords].map(
    ([sections, what, change]): Opened => [sections, what, () => brokenEngine(change)],
  ),
  [["reading states", "closing"], "has one collection under all names", oneCollection],
];

const list = failingChecks("failing-store-checks.json", storeSections, "own sections");

describe("the kit notices a storage that", () => {
  test.each(broken.map(([sections, what, open]) => ({ sections, what, open })))(
    "$what",
    async ({ sections, what, open }) => {
      const fixture = { name: "broken", open: async () => open() };
      await list.compare(sections, what, ({ prove }) => onFreshStore(fixture, prove));
    },
  );
});

test("every broken storage is listed, once, and nothing else is", () => {
  expect(list.storages()).toEqual(broken.map(([, what]) => what).toSorted());
});

test("each check that runs on every storage is failed by one that is broken", () => {
  const failed = list.checks();
  const names = storeSections.flatMap((section) => section.checks.map((check) => nameOf(section, check)));
  expect(names.filter((name) => !failed.has(name))).toEqual([]);
});

test("no two sections and no two checks of a section have one name", () => {
  const names = storeSections.flatMap((section) =>
    [...section.checks, ...section.once].map((check) => nameOf(section, check)),
  );
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(storeSections.map(({ name }) => name)).size).toBe(storeSections.length);
});
