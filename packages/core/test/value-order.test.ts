// What equals what, and what comes first.
import { expect, test } from "vitest";
import { type IdKind, stringId } from "../src/model/document-id.ts";
import { compareIds, compareValues, plainOrder, sortValue } from "../src/model/sort-order.ts";
import { copyLeaf, isContainer, isPlain, sameLeaf, sameValue } from "../src/value/value.ts";
import { Money, oddTypes as types, Weight } from "./odd-types.ts";

// every value equals itself and a copy of itself, and none of the others
const distinct: readonly (() => unknown)[] = [
  ...[null, undefined, true, false, 0, -0, 1, Number.NaN, "", "a", "b"].map((value) => () => value),
  () => new Date(0),
  () => new Date(1),
  () => Uint8Array.of(1),
  () => Uint8Array.of(1, 2),
  () => Uint8Array.of(),
  () => new Money(1),
  () => new Money(2),
  () => new Weight(1),
  () => [],
  () => [1],
  () => [1, 2],
  () => [[1]],
  () => ({}),
  () => ({ a: 1 }),
  () => ({ a: 2 }),
  () => ({ b: 1 }),
  () => ({ a: 1, b: 2 }),
  () => ({ 0: 1 }),
  () => ({ a: undefined }),
];

test("a value equals a copy of itself and no other", () => {
  for (const [i, one] of distinct.entries())
    for (const [j, other] of distinct.entries()) {
      expect({ i, j, same: sameValue(one(), other(), types) }).toEqual({ i, j, same: i === j });
      const leaves = !isContainer(one()) && !isContainer(other());
      expect({ i, j, same: sameLeaf(one(), other(), types) }).toEqual({ i, j, same: leaves && i === j });
    }
  expect(sameValue({ a: 1, b: [2] }, { b: [2], a: 1 }, types)).toBe(true);
  const shared = [new Map()];
  expect(sameValue(shared, shared, types)).toBe(true);
  expect(sameValue(new Map(), new Map(), types)).toBe(false);
});

test("plain objects and containers are told from the rest", () => {
  expect([{}, Object.create(null), JSON.parse("{}")].every(isPlain)).toBe(true);
  expect([null, undefined, 1, "", [], new Date(), new Money(1), Object.create({})].some(isPlain)).toBe(false);
  expect([[], {}].every(isContainer)).toBe(true);
  expect([null, 1, new Date(), Uint8Array.of(1), new Money(1)].some(isContainer)).toBe(false);
});

test("a leaf is copied with its value, and shared with nobody", () => {
  for (const leaf of [null, undefined, 1, "a", true]) expect(copyLeaf(leaf, types)).toBe(leaf);
  for (const leaf of [new Date(5), Uint8Array.of(1, 2), new Money(3)]) {
    expect(copyLeaf(leaf, types)).toStrictEqual(leaf);
    expect(copyLeaf(leaf, types)).not.toBe(leaf);
  }
  const unknown = new Map();
  expect(copyLeaf(unknown, types)).toBe(unknown);
});

const inOrder: readonly (readonly unknown[])[] = [
  [null, undefined],
  ...[[Number.NaN], [Number.NEGATIVE_INFINITY], [-1], [0, -0], [0.5], [1], [Number.POSITIVE_INFINITY]],
  ...[[""], ["A"], ["a"], ["aa"], ["b"], ["\uffff"], ["\u{1f600}"]],
  [{}, { a: 1 }],
  [[], [1], [[2]]],
  ...[[Uint8Array.of()], [Uint8Array.of(9)], [Uint8Array.of(1, 1)], [Uint8Array.of(1, 2)]],
  ...[[new Money(1)], [new Money(2)]],
  ...[[false], [true]],
  ...[[new Date(-1)], [new Date(0)], [new Date(1)]],
];

test("values of all kinds are in one order, and those without an order of their own are equal", () => {
  for (const [i, these] of inOrder.entries())
    for (const [j, those] of inOrder.entries())
      for (const a of these)
        for (const b of those)
          expect({ i, j, sign: Math.sign(compareValues(a, b)) }).toEqual({ i, j, sign: Math.sign(i - j) });
  expect([
    plainOrder.sameKind(1, Number.NaN),
    plainOrder.sameKind(null, undefined),
    plainOrder.sameKind([1], [[]]),
    plainOrder.sameKind(new Money(1), new Weight(1)),
  ]).toEqual([true, true, true, true]);
  expect([
    plainOrder.sameKind(1, "1"),
    plainOrder.sameKind({}, []),
    plainOrder.sameKind(false, null),
    plainOrder.sameKind(new Date(), new Money(1)),
  ]).toEqual([false, false, false, false]);
});

test("what a state is sorted by: the field, the least or the greatest element, an element by its index", () => {
  const state = {
    n: 1,
    list: [3, 1, 2],
    empty: [],
    in: { x: "y" },
    lines: [{ q: 5 }, { q: 2 }, 7, { r: 1 }],
    deep: [[9, 8]],
  };
  const by = (path: string, direction: 1 | -1 = 1) => sortValue(state, path, direction);
  expect([by("n"), by("in.x"), by("in.z"), by("n.x"), by("none.at.all")]).toEqual([
    1,
    "y",
    undefined,
    undefined,
    undefined,
  ]);
  expect([by("list"), by("list", -1), by("list.0"), by("list.3"), by("list.x")]).toEqual([
    1,
    3,
    3,
    undefined,
    undefined,
  ]);
  expect([by("lines.q"), by("lines.q", -1), by("lines.1.q"), by("deep.0"), by("deep.0", -1)]).toEqual([
    2, 5, 2, 8, 9,
  ]);
  expect(compareValues(by("empty"), null)).toBeLessThan(0);
  expect(compareValues(by("empty"), by("empty"))).toBe(0);
  expect(sortValue({ a: { "0": 1 } }, "a.0", 1)).toBe(1);
  const many = { list: Array.from({ length: 12 }, (_, i) => i) };
  expect(["10", "x1", "1x", "12"].map((step) => sortValue(many, `list.${step}`, 1))).toEqual([
    ...[10, undefined, undefined, undefined],
  ]);
});

test("ids are ordered kind by kind, and each kind from its lowest", () => {
  const number: IdKind = { name: "number", is: (value) => typeof value === "number" };
  const money: IdKind = { name: "Money", is: (value) => value instanceof Money };
  const kinds = [number, stringId, money];
  const ids = [-1, 2, 10, "10", "9", "a", "\uffff", "\u{1f600}"] as const;
  for (const [i, a] of ids.entries())
    for (const [j, b] of ids.entries())
      expect({ a, b, sign: Math.sign(compareIds(a, b, kinds)) }).toEqual({ a, b, sign: Math.sign(i - j) });
  expect(compareIds("a", 5, [stringId, number])).toBeLessThan(0);
});
