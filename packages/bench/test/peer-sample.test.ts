import { expect, test } from "vitest";
import { chooseSample, type History, historiesOf, spreadOut } from "../src/peers/sample.ts";
import type { RealRevision } from "../src/real-histories.ts";

const history = (id: string, edits: number): History => ({
  id,
  writes: Array.from({ length: edits + 1 }, (_, n) => ({ state: { n }, act: { by: "alice" } })),
});
const editsOf = (sample: readonly History[]): Record<string, number> =>
  Object.fromEntries(sample.map(({ id, writes }) => [id, writes.length - 1]));
const revision = (id: string, state: Record<string, unknown> | null): RealRevision => ({
  id,
  at: new Date(0),
  by: "alice",
  state,
  reason: "because",
});

test("a history has the states of a document up to its deletion, with who and why", () => {
  const read = historiesOf([
    revision("a", { n: 1 }),
    revision("b", { n: 1 }),
    revision("a", null),
    revision("a", { n: 2 }),
  ]);
  const first = { state: { n: 1 }, act: { by: "alice", reason: "because" } };
  expect(read).toEqual([
    { id: "a", writes: [first] },
    { id: "b", writes: [first] },
  ]);
});

test("a revision that only orders its keys in another way is no edit", () => {
  const read = historiesOf([revision("a", { n: 1, m: 2 }), revision("a", { m: 2, n: 1 })]);
  expect(read[0]?.writes).toHaveLength(1);
});

test("a sample has as many edits as are asked for, and no document more than a quarter of them", () => {
  const all = Array.from({ length: 20 }, (_, i) => history(`doc-${i}`, 10 * (i + 1)));
  const chosen = editsOf(chooseSample(all, 200));
  expect(Object.values(chosen).reduce((sum, edits) => sum + edits)).toBe(200);
  expect(Math.max(...Object.values(chosen))).toBe(50);
});

test("a sample has the longest, the shortest and a middle history, in whatever order they come", () => {
  const all = Array.from({ length: 9 }, (_, i) => history(`doc-${i}`, 10 * (i + 1)));
  const chosen = chooseSample(all, 90);
  expect(chosen.map(({ id }) => id).slice(0, 3)).toEqual(["doc-8", "doc-0", "doc-4"]);
  expect(chooseSample([...all].reverse(), 90)).toEqual(chosen);
});

test("one document alone gives all edits of a sample, or as many as it has", () => {
  expect(editsOf(chooseSample([history("only", 100)], 40))).toEqual({ only: 40 });
  expect(editsOf(chooseSample([history("only", 100)], 400))).toEqual({ only: 100 });
});

test("a document that was only created is in no sample", () => {
  expect(editsOf(chooseSample([history("created", 0), history("edited", 3)], 4))).toEqual({ edited: 2 });
});

test("the places that are spread out are all of them, the ends and the middle first", () => {
  const places = spreadOut(9);
  expect(places.slice(0, 5)).toEqual([0, 8, 4, 2, 6]);
  expect([...places].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(spreadOut(1)).toEqual([0]);
  expect(spreadOut(0)).toEqual([]);
});
