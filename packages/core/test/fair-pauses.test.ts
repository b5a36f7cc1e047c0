// How long a call waits that lost a race for its slot: those who want one document come one after another, and fairly.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Deadline } from "../src/port/deadline.ts";
import { pauseOf } from "../src/write/waiting-call.ts";

beforeEach(() => {
  vi.spyOn(performance, "now").mockReturnValue(10);
  vi.spyOn(Math, "random").mockReturnValue(1);
});
afterEach(() => void vi.restoreAllMocks());

/** The longest pause of a call with ten seconds whose last try took 10 ms. */
function pause(conflicts: number, remaining: number, time = 10_000): number {
  const call = () => ({ timeoutMs: remaining });
  const deadline: Deadline = {
    remaining: () => remaining,
    call,
    onEnd: () => () => undefined,
    ofStep: () => deadline,
  };
  return pauseOf({ conflicts, deadline, time, triedAt: 0 });
}

test("who has waited longest comes soonest", () => {
  const pauses = [10_000, 7_500, 5_000, 1_000, 0].map((remaining) => pause(5, remaining));
  expect(pauses).toEqual([200, 150, 100, 20, 0]);
});

test("pauses are four tries longer with every conflict, up to three quarters of the time that is left", () => {
  const pauses = [1, 2, 3, 8, 187, 188, 1_000].map((conflicts) => pause(conflicts, 10_000));
  expect(pauses).toEqual([40, 80, 120, 320, 7_480, 7_500, 7_500]);
  expect([pause(5_000, 1_000), pause(5, 100, 100)]).toEqual([750, 75]);
});

test("pauses are at random, from none on", () => {
  const pauses = [0, 0.25, 0.5].map((part) => {
    vi.mocked(Math.random).mockReturnValue(part);
    return pause(3, 10_000);
  });
  expect(pauses).toEqual([0, 30, 60]);
});
