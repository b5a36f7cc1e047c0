import * as fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { seeded } from "../src/index.ts";
import { prove } from "./prove.ts";

afterEach(() => vi.unstubAllEnvs());

test("runs as often as the test says where the environment says nothing", () => {
  vi.stubEnv("SEED", undefined);
  vi.stubEnv("RUNS", undefined);
  expect(seeded(7)).toEqual({ numRuns: 7 });
});

test("runs as often and from the seed that the environment says", () => {
  vi.stubEnv("SEED", "-12");
  vi.stubEnv("RUNS", "3");
  expect(seeded(7)).toEqual({ numRuns: 3, seed: -12 });
});

test("makes the same cases for the same seed", () => {
  vi.stubEnv("SEED", "42");
  const cases = (): number[] => {
    const seen: number[] = [];
    prove(
      fc.property(fc.nat(), (n) => void seen.push(n)),
      20,
    );
    return seen;
  };
  expect(cases()).toEqual(cases());
});

test("refuses a seed that is no whole number", () => {
  vi.stubEnv("SEED", "1e3");
  expect(() => seeded(7)).toThrow(RangeError);
});
