import { expect, test } from "vitest";
import { revisionDates } from "../src/revision-dates.ts";

const now = Date.UTC(2026, 0, 1);
const dates = (...given: number[]) => given.map(revisionDates(now));

test("Dates that only go forward stay as they are", () => {
  expect(dates(-5, 0, 0, 7, now)).toEqual([-5, 0, 0, 7, now].map((at) => ({ at: new Date(at) })));
});

test("A date before the one before it is raised, one in the future is the present; the original is kept", () => {
  expect(dates(10, 3, now + 1, 20)).toEqual([
    { at: new Date(10) },
    { at: new Date(10), moved: new Date(3) },
    { at: new Date(now), moved: new Date(now + 1) },
    { at: new Date(now), moved: new Date(20) },
  ]);
});

test("What is no date that a store can keep counts as the one before it", () => {
  expect(dates(Number.NaN, 10, Number.NaN, -1e15, 1e300)).toEqual(
    [0, 10, 10, 10, 10].map((at) => ({ at: new Date(at) })),
  );
});
