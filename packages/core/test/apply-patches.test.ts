// What a patch makes of a state, with which words one that does not fit is refused, and what a replay copies.
import { expect, test } from "vitest";
import type { Patch } from "../src/model/patch.ts";
import { applyPatches, isPath } from "../src/patch/apply-patches.ts";

/** Patches as they may lie in a damaged store. */
function stored(...patches: readonly unknown[]): Patch[] {
  return patches as Patch[];
}

const state = { list: [1, { k: 1 }, [2]], inner: { k: 1, n: null }, text: "text", when: new Date(0) };
const value = 9;
const made: readonly (readonly [what: string, base: unknown, patch: unknown, after: unknown])[] = [
  ["a document is made", undefined, { op: "replace", path: [], value: { k: 1 } }, { k: 1 }],
  ["a state is replaced", { a: 1 }, { op: "replace", path: [], value: { k: 1 } }, { k: 1 }],
  ["a document is taken away", { a: 1 }, { op: "remove", path: [] }, undefined],
  ["a key is added", { a: 1 }, { op: "add", path: ["b"], value }, { a: 1, b: 9 }],
  ["a key that objects inherit is added", {}, { op: "add", path: ["toString"], value }, { toString: 9 }],
  ["a key is replaced", { a: 1 }, { op: "replace", path: ["a"], value }, { a: 9 }],
  ["a key is removed", { a: 1, b: 2 }, { op: "remove", path: ["a"] }, { b: 2 }],
  ["an element is put first", [1, 2], { op: "add", path: [0], value }, [9, 1, 2]],
  ["an element is put between", [1, 2], { op: "add", path: [1], value }, [1, 9, 2]],
  ["an element is put last", [1, 2], { op: "add", path: [2], value }, [1, 2, 9]],
  ["an element is put into an empty list", [], { op: "add", path: [0], value }, [9]],
  ["the first element is replaced", [1, 2], { op: "replace", path: [0], value }, [9, 2]],
  ["the last element is replaced", [1, 2], { op: "replace", path: [1], value }, [1, 9]],
  ["the first element is removed", [1, 2, 3], { op: "remove", path: [0] }, [2, 3]],
  ["an element between is removed", [1, 2, 3], { op: "remove", path: [1] }, [1, 3]],
  ["the last element is removed", [1, 2, 3], { op: "remove", path: [2] }, [1, 2]],
  [
    "a path leads through lists and objects",
    { a: [{ b: [[0, 1]] }] },
    { op: "add", path: ["a", 0, "b", 0, 1], value },
    { a: [{ b: [[0, 9, 1]] }] },
  ],
  [
    "a key that objects inherit is led through",
    { constructor: { k: 1 } },
    { op: "remove", path: ["constructor", "k"] },
    { constructor: {} },
  ],
];

test.each(made)("%s", (_, base, patch, after) => {
  expect(applyPatches(base, stored(patch))).toEqual(after);
});

const absent = "the path leads through a key or index that does not exist";
const empty = "the path leads through something that holds no values";
const range = "the index is out of range";
const unknown = "the operation is unknown";
const noText = "the key of an object is a text";
const whole = "the whole state can be replaced or removed only";
const misfits: readonly (readonly [op: string, path: Patch["path"], shown: string, why: string])[] = [
  ["add", [], "(the whole state)", whole],
  ["move", [], "(the whole state)", whole],
  ["add", ["text"], "text", "the key exists already"],
  ["add", ["inner", "n"], "inner.n", "the key exists already"],
  ["replace", ["toString"], "toString", "the key does not exist"],
  ["remove", ["inner", "a"], "inner.a", "the key does not exist"],
  ["move", ["missing"], "missing", "the key does not exist"],
  ["move", ["text"], "text", unknown],
  ["", ["inner", "k"], "inner.k", unknown],
  ["move", ["list", 0], "list[0]", unknown],
  ["test", ["list", 2], "list[2]", unknown],
  ["add", [0], "[0]", noText],
  ["replace", ["inner", 1], "inner[1]", noText],
  ["add", ["__proto__"], "__proto__", noText],
  ["remove", ["inner", "__proto__"], "inner.__proto__", noText],
  ["add", ["list", 4], "list[4]", range],
  ["add", ["list", -1], "list[-1]", range],
  ["add", ["list", 0.5], "list[0.5]", range],
  ["add", ["list", "0"], 'list["0"]', range],
  ["replace", ["list", 3], "list[3]", range],
  ["replace", ["list", "length"], "list.length", range],
  ["remove", ["list", 3], "list[3]", range],
  ["remove", ["list", -1], "list[-1]", range],
  ["move", ["list", 3], "list[3]", range],
  ["add", ["missing", "k"], "missing.k", absent],
  ["add", ["toString", "k"], "toString.k", absent],
  ["add", ["list", 3, "k"], "list[3].k", absent],
  ["add", ["list", -1, "k"], "list[-1].k", absent],
  ["add", ["list", "1", "a"], 'list["1"].a', absent],
  ["add", ["list", "length", "a"], "list.length.a", absent],
  ["add", ["inner", 0, "k"], "inner[0].k", absent],
  ["add", ["text", 0], "text[0]", empty],
  ["add", ["when", "k"], "when.k", empty],
  ["add", ["inner", "n", "k"], "inner.n.k", empty],
  ["replace", ["list", 0, "k"], "list[0].k", empty],
];

test.each(misfits)("%j at %j does not fit", (op, path, shown, why) => {
  const before = structuredClone(state);
  const message = `the patch "${op}" at ${shown} does not fit: ${why}`;
  expect(() => applyPatches(state, stored({ op, path, value }))).toThrow(new TypeError(message));
  expect(state).toStrictEqual(before);
});

test("a number is no key of an object, not even of one that has the text of it as a key", () => {
  const keyed = { 0: { k: 1 } };
  expect(applyPatches(keyed, stored({ op: "remove", path: ["0", "k"] }))).toEqual({ 0: {} });
  for (const [path, why] of [
    [[0], noText],
    [[0, "k"], absent],
  ] as const)
    expect(() => applyPatches(keyed, stored({ op: "remove", path }))).toThrow(why);
});

test("where there is no state, one can be made and nothing else", () => {
  const gone = 'the patch "remove" at (the whole state) does not fit: there is no state to remove';
  expect(() => applyPatches(undefined, stored({ op: "remove", path: [] }))).toThrow(new TypeError(gone));
  const inside = `the patch "add" at k does not fit: ${empty}`;
  expect(() => applyPatches(undefined, stored({ op: "add", path: ["k"], value }))).toThrow(
    new TypeError(inside),
  );
});

test("patches apply one after another", () => {
  const after = applyPatches(
    undefined,
    stored(
      { op: "replace", path: [], value: { list: [] } },
      { op: "add", path: ["list", 0], value: "b" },
      { op: "add", path: ["list", 0], value: { k: 1 } },
      { op: "replace", path: ["list", 0, "k"], value: 2 },
      { op: "remove", path: ["list", 1] },
    ),
  );
  expect(after).toEqual({ list: [{ k: 2 }] });
  expect(applyPatches(after, [])).toBe(after);
});

test("neither the state nor the patches change, and what no patch leads through is shared", () => {
  const base = Object.freeze({ a: Object.freeze([Object.freeze({ k: 1 })]), b: Object.freeze({}) });
  const given = Object.freeze({ list: Object.freeze([1]) });
  const after = applyPatches(
    base,
    stored(
      { op: "replace", path: ["a", 0, "k"], value: 2 },
      { op: "add", path: ["c"], value: given },
      { op: "add", path: ["c", "list", 1], value: 2 },
    ),
  );
  expect(after).toEqual({ a: [{ k: 2 }], b: {}, c: { list: [1, 2] } });
  expect(base).toEqual({ a: [{ k: 1 }], b: {} });
  expect(given).toEqual({ list: [1] });
  expect(Object.is(Object(after).b, base.b)).toBe(true);
});

test("one replay copies a container once, however many calls it takes; another replay copies it again", () => {
  const base = { in: { list: [1] }, other: {} };
  const owned = new Set<object>();
  const next = (state: unknown, value: number, set = owned) =>
    Object(applyPatches(state, stored({ op: "replace", path: ["in", "list", 0], value }), set));
  const first = next(base, 2);
  for (const inside of [base, base.in, base.in.list]) expect(owned.has(inside)).toBe(false);
  expect([...owned]).toEqual([first, first.in, first.in.list]);
  const list = first.in.list;
  const second = next(first, 3);
  expect([second === first, second.in.list === list, list]).toEqual([true, true, [3]]);
  expect(owned.size).toBe(3);
  const third = next(second, 4, new Set());
  expect([third === second, third.in.list === list, list]).toEqual([false, false, [3]]);
  expect(base).toEqual({ in: { list: [1] }, other: {} });
});

test("a path is a list of texts and whole numbers from 0", () => {
  for (const path of [[], ["a"], [0], ["a", 3, ""], [Number.MAX_SAFE_INTEGER]])
    expect([path, isPath(path)]).toEqual([path, true]);
  for (const path of [undefined, null, "a", { length: 0 }, [-1], [0.5], [2 ** 53], [Number.NaN], ["a", null]])
    expect([path, isPath(path)]).toEqual([path, false]);
});
