import { expect, test } from "vitest";
import { ratio, type Took } from "../src/harness.ts";
import { type Outcome, percentRight, smallestWhole } from "../src/peers/outcome.ts";
import { roundsOf } from "../src/peers/rounds.ts";

const took = (wall: number): Took => ({ wall, cpu: wall / 2 });
const outcome = (name: string, bytes: number, faults: Partial<Outcome> = {}): Outcome => ({
  name,
  bytes,
  right: 4,
  wrong: 0,
  raised: 0,
  refused: 0,
  edits: [],
  reads: [],
  ...faults,
});

test("a round has the mean of its calls by both clocks, and calls that warm up are in none", () => {
  const { ours, theirs } = roundsOf([9, 1, 3, 5, 7, 8].map(took), [9, 2, 2, 4, 4, 9].map(took), {
    warmUp: 1,
    each: 2,
  });
  expect(ours).toEqual([took(2), took(6)]);
  expect(theirs).toEqual([took(2), took(4)]);
  expect(ratio(ours, theirs).wall).toEqual({ median: 1.5, min: 1, max: 1.5 });
});

test("a call that failed on one side counts on neither", () => {
  const ours = [took(1), undefined, took(3), took(5)];
  const theirs = [took(2), took(50), undefined, took(4)];
  expect(roundsOf(ours, theirs, { warmUp: 0, each: 2 })).toEqual({ ours: [took(3)], theirs: [took(3)] });
});

test("calls that fill no round have no ratio", () => {
  expect(roundsOf([took(1)], [took(1)], { warmUp: 0, each: 2 })).toEqual({ ours: [], theirs: [] });
});

test("bytes are compared with the smallest history whose past states are all right", () => {
  const peers = [
    outcome("wrong", 1, { wrong: 1 }),
    outcome("raised", 2, { raised: 1 }),
    outcome("refused", 3, { refused: 1 }),
    outcome("large", 9),
    outcome("small", 5),
  ];
  expect(smallestWhole(peers)?.name).toBe("small");
  expect(smallestWhole(peers.slice(0, 3))).toBeUndefined();
});

test("states that are wrong and states that raise are no right ones", () => {
  expect(percentRight(outcome("some", 1, { right: 2, wrong: 1, raised: 1 }))).toBe(50);
});
