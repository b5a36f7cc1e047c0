// Elements of lists are recognised by their id: whatever stands there, the patches are right.
import { applyPatches, diffStates, normalise } from "@everdraft/core/internals";
import { describe, expect, test } from "vitest";
import { difference, plainTypes } from "../src/index.ts";

const ids: readonly (readonly [what: string, a: unknown, b: unknown])[] = [
  ["texts", "a", "b"],
  ["a text and the number that it spells", "1", 1],
  ["dates within one second", new Date(5), new Date(6)],
  ["bytes", Uint8Array.of(1), Uint8Array.of(2)],
  ["null and nothing", null, undefined],
  ["NaN and Infinity", Number.NaN, Number.POSITIVE_INFINITY],
  ["objects", { a: 1 }, { a: 2 }],
  ["objects that shadow toString", { toString: 1 }, { toString: {} }],
  [
    "objects that shadow what conversions ask for",
    { valueOf: 1, toString: null },
    { [Symbol.toPrimitive.toString()]: 1 },
  ],
  ["lists", [1], [2]],
  ["a list and the text that it spells", ["a"], "a"],
];

describe.each(["content", "reference"] as const)("recognising elements by %s", (by) => {
  test.each(ids)("gives right patches where the ids are %s", (_, a, b) => {
    const element = (id: unknown, v: number) => (id === undefined ? { v } : { id, v });
    const before = normalise({ list: [element(a, 1), element(b, 2), element(a, 3), { v: 4 }] }, plainTypes);
    for (const list of [
      [element(b, 2), element(a, 1), { v: 4 }],
      [element(a, 9), element(b, 2), element(a, 3), { v: 4 }],
      [{ v: 4 }, element(b, 8)],
      [element(a, 3), element(a, 1), element(b, 2), element(b, 2)],
    ]) {
      const after = normalise({ list }, plainTypes);
      expect(
        difference(applyPatches(before, diffStates(before, after, plainTypes, by)), after, plainTypes),
      ).toBeUndefined();
    }
  });
});

test("equal elements with objects as ids take no patches of their own", () => {
  const before = normalise({ list: [{ id: { k: 1 }, v: 1 }, { id: { k: 2 }, v: 2 }, { v: 3 }] }, plainTypes);
  const after = normalise({ list: [{ id: { k: 1 }, v: 1 }, { id: { k: 2 }, v: 2 }, { v: 4 }] }, plainTypes);
  const patches = diffStates(before, after, plainTypes, "content");
  expect(patches).toEqual([{ op: "replace", path: ["list", 2, "v"], value: 4 }]);
});

test("an element with another id is another element, and is not edited into it", () => {
  const before = normalise({ list: [{ id: 1, name: "one", same: true }, { id: 2 }] }, plainTypes);
  const after = normalise({ list: [{ id: 3, name: "three", same: true }, { id: 2 }] }, plainTypes);
  const whole = [{ op: "replace", path: ["list", 0], value: { id: 3, name: "three", same: true } }];
  expect(diffStates(before, after, plainTypes, "content")).toEqual(whole);
});
