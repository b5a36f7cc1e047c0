// The patches between two states: exactly what differs, and which elements of lists are one.
import { expect, test } from "vitest";
import { alignByContent } from "../src/patch/align-arrays.ts";
import { diffStates, type MatchBy } from "../src/patch/diff.ts";
import { normalise } from "../src/value/normalise.ts";
import { Money, oddTypes as types, Weight } from "./odd-types.ts";

const bases = ["content", "reference"] as const;

/** The patches between two states that were built apart. */
function diff(before: unknown, after: unknown, by: MatchBy = "content") {
  return diffStates(normalise(before, types), normalise(after, types), types, by);
}

type Path = readonly (string | number)[];
const add = (path: Path, value: unknown) => ({ op: "add", path, value });
const replace = (path: Path, value: unknown) => ({ op: "replace", path, value });
const remove = (path: Path) => ({ op: "remove", path });

type Row = readonly [what: string, before: unknown, after: unknown, patches: readonly object[]];
const alike: readonly Row[] = [
  ["nothing that differs", { a: 1, o: { l: [1, {}] } }, { a: 1, o: { l: [1, {}] } }, []],
  ["another order of keys", { a: 1, b: 2 }, { b: 2, a: 1 }, []],
  [
    "fields, those that are gone first",
    { a: 1, b: 2, c: 3 },
    { d: 4, c: 5, b: 2 },
    [remove(["a"]), add(["d"], 4), replace(["c"], 5)],
  ],
  [
    "fields inside",
    { o: { p: { a: 1, b: 2 } } },
    { o: { p: { a: 9, c: 3 } } },
    [remove(["o", "p", "b"]), replace(["o", "p", "a"], 9), add(["o", "p", "c"], 3)],
  ],
  [
    "keys that objects inherit",
    { constructor: 1 },
    { toString: 2 },
    [remove(["constructor"]), add(["toString"], 2)],
  ],
  ["null and nothing", { a: null }, { b: null }, [remove(["a"]), add(["b"], null)]],
  ["a field that is a list now", { a: { 0: 1 } }, { a: [1] }, [replace(["a"], [1])]],
  ["a list that is an object now", { a: [1] }, { a: { 0: 1 } }, [replace(["a"], { 0: 1 })]],
  ["an object that is null now", { a: {} }, { a: null }, [replace(["a"], null)]],
  ["a text that is a list now", { a: "x" }, { a: ["x"] }, [replace(["a"], ["x"])]],
  ["a number that is a text now", { a: 1 }, { a: "1" }, [replace(["a"], "1")]],
  [
    "dates, bytes and values of an adapter by their value",
    { d: new Date(1), b: Uint8Array.of(1), m: new Money(1), n: new Money(1) },
    { d: new Date(1), b: Uint8Array.of(1), m: new Money(1), n: new Weight(1) },
    [replace(["n"], new Weight(1))],
  ],
  [
    "one of each",
    { d: new Date(1), b: Uint8Array.of(1), m: new Money(1) },
    { d: new Date(2), b: Uint8Array.of(1, 2), m: new Money(2) },
    [replace(["d"], new Date(2)), replace(["b"], Uint8Array.of(1, 2)), replace(["m"], new Money(2))],
  ],
  ["one put between", [1, 2], [1, 9, 2], [add([1], 9)]],
  ["one removed", [1, 2, 3], [1, 3], [remove([1])]],
  ["one changed", [1, 2, 3], [1, 9, 3], [replace([1], 9)]],
  ["one moved", [1, 2, 3, 4], [4, 1, 2, 3], [add([0], 4), remove([4])]],
  ["a list in a list", [[1], [2]], [[1], [2, 3]], [add([1, 1], 3)]],
  ["a field of an element without an id", [{ v: 1 }, { v: 2 }], [{ v: 1 }, { v: 3 }], [replace([1, "v"], 3)]],
  [
    "a field of an element with an id, after one that is gone",
    [{ id: 1 }, { id: 2, v: 1 }, { _id: 3, v: 1 }],
    [
      { id: 2, v: 2 },
      { _id: 3, v: 3 },
    ],
    [remove([0]), replace([0, "v"], 2), replace([1, "v"], 3)],
  ],
  [
    "elements that changed places, and one of them changed",
    [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }],
    [{ id: 3, v: 1 }, { id: 1 }, { id: 2 }, { id: 4 }],
    [add([0], { id: 3, v: 1 }), remove([3])],
  ],
  [
    "an element with another id in the place of one",
    [{ id: 1, v: 1 }, { id: 2 }],
    [{ id: 3, v: 1 }, { id: 2 }],
    [replace([0], { id: 3, v: 1 })],
  ],
  ["an object in the place of a list", [[1], 2], [{ 0: 1 }, 2], [replace([0], { 0: 1 })]],
];

test.each(alike.flatMap((row) => bases.map((by) => [...row, by] as const)))(
  "the patches of %s",
  (_, before, after, patches, by) => {
    expect(diff(before, after, by)).toStrictEqual(patches);
  },
);

test("a document that comes or goes is one patch of the whole", () => {
  const state = normalise({ a: 1 }, types);
  for (const by of bases) {
    expect(diffStates(undefined, undefined, types, by)).toEqual([]);
    expect(diffStates(undefined, state, types, by)).toStrictEqual([replace([], { a: 1 })]);
    expect(diffStates(state, undefined, types, by)).toStrictEqual([remove([])]);
  }
});

const gone: readonly (readonly [what: string, first: unknown, second: unknown, third: unknown])[] = [
  ["objects", { v: 1 }, { v: 2 }, { v: 3 }],
  ["lists", [1], [2], [3]],
  ["dates", new Date(1), new Date(2), new Date(3)],
  ["bytes", Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)],
  ["values of an adapter", new Money(1), new Money(2), new Money(3)],
  ["values of two types with the same bytes", new Money(1), new Weight(2), new Weight(1)],
  [
    "ids that are objects",
    { id: new Money(1), v: 1 },
    { id: new Money(2), v: 1 },
    { id: new Money(3), v: 1 },
  ],
  ["objects of no id but null", { _id: null, v: 1 }, { _id: null, v: 2 }, { _id: null, v: 3 }],
  ["null and leaves", null, 1, "1"],
];

test.each(gone)("of states that were built apart, %s in a list are recognised", (_, first, second, third) => {
  expect(diff([first, second, third], [second, third])).toStrictEqual([remove([0])]);
  expect(diff([second, third], [first, second, third])).toStrictEqual([add([0], first)]);
});

test("by reference, what is not the same object is another element unless its id says so", () => {
  const [one, two, three] = normalise([{ v: 1 }, { v: 2 }, { v: 3 }], types);
  const before = normalise({ list: [one, two, three] }, types);
  expect(diffStates(before, normalise({ list: [two, three] }, types), types, "reference")).toEqual([
    remove(["list", 0]),
  ]);
  const apart = normalise({ list: [{ v: 2 }, { v: 3 }] }, types);
  expect(diffStates(before, apart, types, "reference")).toEqual([
    ...[replace(["list", 0, "v"], 2), replace(["list", 1, "v"], 3), remove(["list", 2])],
  ]);
});

/** Whether two elements count as one, of lists that were built apart. */
function areOne(a: unknown, b: unknown): boolean {
  const [before, after] = [normalise([{ id: "gone" }, a], types), normalise([b], types)];
  const [first] = alignByContent(before, after, types);
  // else the new one is paired with the first
  return first?.op === "remove";
}

test("elements are recognised by their id with its kind, else by what they hold", () => {
  const same: readonly (readonly [unknown, unknown])[] = [
    [
      { id: 1, v: 1 },
      { _id: 1, v: 2 },
    ],
    [{ id: new Money(1) }, { id: new Money(1), v: 1 }],
    [{ v: [1] }, { v: [1] }],
    [[1], [1]],
    [new Date(5), new Date(5)],
    [new Money(5), new Money(5)],
    [{ _id: null }, { _id: null }],
  ];
  const distinct = [
    ...[
      null,
      1,
      "1",
      "id number 1",
      true,
      { id: 1 },
      { id: "1" },
      { id: true },
      {},
      { _id: null },
      { v: 1 },
      { v: 2 },
    ],
    ...[[], [1], new Date(1), new Date(2), Uint8Array.of(1), new Money(1), new Weight(1)],
  ];
  for (const [a, b] of same) expect([a, b, areOne(a, b)]).toEqual([a, b, true]);
  for (const [i, a] of distinct.entries())
    for (const [j, b] of distinct.entries()) expect([a, b, areOne(a, b)]).toEqual([a, b, i === j]);
});

test("a value in a patch is lent: what can be changed in place is a copy, all the rest is shared", () => {
  const when = new Date(5);
  const after = normalise({ in: { when }, list: [{ n: 1 }] }, types);
  for (const before of [{}, { in: 1, list: [1] }, undefined]) {
    const patches = diffStates(before && normalise(before, types), after, types, "content");
    const dates = patches.flatMap((patch) => ("value" in patch ? [Object(patch.value)] : []));
    const lent = dates.map((value) => value.in?.when ?? value.when).filter(Boolean);
    expect(lent).toEqual([when]);
    expect(lent[0]).not.toBe(after.in.when);
  }
  const patches = diffStates(normalise({}, types), after, types, "content");
  expect(patches).toHaveLength(2);
  expect(Object.is(Object(patches[1]).value, after.list)).toBe(true);
});
