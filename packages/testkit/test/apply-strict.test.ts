// A patch that does not fit is refused: a replay on a wrong base must not end in a wrong state without a
// word.
import { encode, type Patch } from "@everdraft/core/adapter";
import { applyPatches, normalise } from "@everdraft/core/internals";
import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { anyKey, anyState, difference, plainTypes } from "../src/index.ts";
import { prove } from "./prove.ts";

vi.setConfig({ testTimeout: 600_000 });

const state = normalise(
  {
    list: [1, { k: 1 }, [2]],
    inner: { k: 1, "a.b": 2, constructor: { deep: 1 } },
    text: "text",
    date: new Date(1),
    bytes: Uint8Array.of(1, 2),
    nothing: null,
  },
  plainTypes,
);

const value = 9;
const misfits: Readonly<Record<string, readonly unknown[]>> = {
  "an operation that is unknown": [
    { op: "move", path: ["text"], from: ["inner"] },
    { op: "test", path: ["text"], value: "text" },
    { op: "copy", path: [], value },
    { op: "move", path: ["list", 0] },
    { path: ["text"], value },
  ],
  "a removal of what is not there": [
    { op: "remove", path: ["missing"] },
    { op: "remove", path: ["inner", "missing"] },
    { op: "remove", path: ["list", 3] },
    { op: "remove", path: ["list", -1] },
  ],
  "a replacement of what is not there": [
    { op: "replace", path: ["missing"], value },
    { op: "replace", path: ["inner", "missing"], value },
    { op: "replace", path: ["list", 3], value },
    { op: "replace", path: ["list", -1], value },
  ],
  "an addition of a key that is there": [
    { op: "add", path: ["text"], value },
    { op: "add", path: ["inner", "constructor"], value },
  ],
  "an index beyond the end, or none at all": [
    { op: "add", path: ["list", 4], value },
    { op: "add", path: ["list", -1], value },
    { op: "add", path: ["list", 0.5], value },
    { op: "add", path: ["list", Number.NaN], value },
    { op: "add", path: ["list", 4e9], value },
    { op: "add", path: ["list", "0"], value },
    { op: "replace", path: ["list", "abc"], value },
    { op: "replace", path: ["list", "length"], value: 1 },
    { op: "add", path: ["list", "-"], value },
  ],
  "a number as the key of an object": [
    { op: "add", path: [0], value },
    { op: "add", path: ["inner", 0], value },
    { op: "replace", path: ["inner", 0, "k"], value },
  ],
  "a path through a key that is not there": [
    { op: "add", path: ["missing", "k"], value },
    { op: "add", path: ["list", 9, "k"], value },
    { op: "add", path: ["list", "1", "k"], value },
    { op: "replace", path: ["inner", "a", "b"], value },
  ],
  "a path through what holds nothing": [
    { op: "add", path: ["text", "k"], value },
    { op: "replace", path: ["text", 0], value },
    { op: "add", path: ["date", "k"], value },
    { op: "replace", path: ["bytes", 0], value },
    { op: "add", path: ["nothing", "k"], value },
    { op: "add", path: ["list", 0, "k"], value },
  ],
  "a path through what objects inherit": [
    { op: "add", path: ["toString", "k"], value },
    { op: "replace", path: ["toString"], value },
    { op: "remove", path: ["hasOwnProperty"] },
    { op: "add", path: ["constructor", "prototype", "polluted"], value },
    { op: "add", path: ["inner", "constructor", "prototype", "polluted"], value },
    { op: "add", path: ["__proto__", "polluted"], value },
    { op: "add", path: ["__proto__"], value },
    { op: "add", path: ["inner", "__proto__"], value: { polluted: true } },
    { op: "add", path: ["list", "__proto__", "polluted"], value },
  ],
  "an addition of the whole state": [{ op: "add", path: [], value }],
};

/** Patches as they may lie in a damaged store. */
function damaged(patch: unknown): Patch[] {
  return [patch as Patch];
}

describe.each(Object.entries(misfits))("%s is refused", (_, patches) => {
  test.each(patches.map((patch) => [JSON.stringify(patch), patch]))("%s", (_, patch) => {
    const before = encode(state, plainTypes);
    expect(() => applyPatches(state, damaged(patch))).toThrow(TypeError);
    expect(encode(state, plainTypes)).toEqual(before);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});

test("anything but a creation is refused where there is no state", () => {
  expect(applyPatches(undefined, [{ op: "replace", path: [], value: { k: 1 } }])).toEqual({ k: 1 });
  const others = [
    { op: "remove", path: [] },
    { op: "add", path: [], value },
    { op: "add", path: ["k"], value },
  ];
  for (const patch of others) expect(() => applyPatches(undefined, damaged(patch))).toThrow(TypeError);
});

test("a patch that fits on the keys of an object that inherits nothing else is taken", () => {
  const patch = { op: "replace", path: ["inner", "constructor", "deep"], value } as const;
  const after = applyPatches(state, [
    patch,
    { op: "add", path: ["toString"], value },
    { op: "add", path: ["list", 3], value },
  ]);
  expect(after).toMatchObject({
    inner: { constructor: { deep: 9 } },
    toString: 9,
    list: [1, { k: 1 }, [2], 9],
  });
});

test("any patch either fits exactly or is refused, and never changes the state that it is applied to", () => {
  const step = fc.oneof(anyKey(), fc.integer({ min: -1, max: 4 }));
  const path = fc.array(step, { maxLength: 3 });
  const patch = fc.record({ op: fc.constantFrom("add", "remove", "replace"), path, value: fc.constant(1) });
  const law = fc.property(anyState(), patch, (random, one) => {
    const base = normalise(random, plainTypes);
    const before = encode(base, plainTypes);
    try {
      const after = applyPatches(base, damaged(one));
      if (one.op === "remove") expect(difference(after, base, plainTypes)).toBeDefined();
      else expect(at(after, one.path)).toBe(1);
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
    }
    expect(encode(base, plainTypes)).toEqual(before);
  });
  prove(law, 1000);
});

function at(found: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, step) => Object(inner)[step], found);
}
