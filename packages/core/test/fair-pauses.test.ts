// How long a call waits that lost a race for its slot: those who want one document come one after another, and fairly.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pauseOf } from "../src/write/waiting-call.ts";

beforeEach(() => {
  vi.spyOn(performance, "now").mockReturnValue(10);
  vi.spyOn(Math, "random").mockReturnValue(1);
});
afterEach(() => void vi.restoreAllMocks());

/** The longest pause of a call with ten seconds whose last try took 10 ms. */
function pause(conflicts: number, remaining: number, time = 10_000): number {
  const call = () => ({ timeoutMs: remaining });
  const limit = { remaining: () => remaining, call, onEnd: () => () => undefined };
  return pauseOf({ conflicts, limit, time, triedAt: 0 });
}

test("who has waited longest comes soonest", () => {
  const pauses = [10_000, 7_500, 5_000, 1_000, 0].map((remaining) => pause(5, remaining));
  expect(pauses).toEqual([160, 120, 80, 16, 0]);
});

test("pauses are twice as long with every conflict, up to a quarter of the call's time", () => {
  const pauses = [1, 2, 3, 8, 9, 10, 50].map((conflicts) => pause(conflicts, 10_000));
  expect(pauses).toEqual([10, 20, 40, 1_280, 2_500, 2_500, 2_500]);
  expect(pause(9, 100, 100)).toBe(25);
});

test("pauses are at random, from none on", () => {
  const pauses = [0, 0.25, 0.5].map((part) => {
    vi.mocked(Math.random).mockReturnValue(part);
    return pause(3, 10_000);
  });
  expect(pauses).toEqual([0, 10, 20]);
});
