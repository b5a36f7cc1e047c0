// What a caller hands in: what is kept of it and how, and what is refused, with which words.
import { expect, test } from "vitest";
import { showPath } from "../src/errors/show.ts";
import { normaliseState } from "../src/model/state.ts";
import { normalise } from "../src/value/normalise.ts";
import type { Path } from "../src/value/path.ts";
import { Money, thrownBy, oddTypes as types } from "./odd-types.ts";

const nested = (levels: number): unknown => Array.from({ length: levels }).reduce((inner) => [inner], 1);
const cyclic: Record<string, unknown> = { a: {} };
cyclic.a = { back: cyclic };
const deep = "it nests deeper than 90 levels; make it flatter, or split it over several documents";
const holes = "the array has holes or named properties; fill the holes with null, or use an object";
const surrogate = "repair it with toWellFormed()";
const refused: readonly (readonly [what: string, value: unknown, path: Path, reason: string])[] = [
  [
    "a bigint",
    { a: [1n] },
    ["a", 0],
    "a bigint has no exact counterpart in every storage; use a number or a string",
  ],
  ["a function", () => 1, [], "a function cannot be stored; leave it out, or store what it stands for"],
  ["a symbol", [Symbol("s")], [0], "a symbol cannot be stored; leave it out, or store what it stands for"],
  ["undefined", undefined, [], "undefined is not a value; use null, or delete the field"],
  ["half a pair", { a: "x\ud800" }, ["a"], `the text holds half of a surrogate pair; ${surrogate}`],
  ["a hole", Array(3), [], holes],
  ["a named property", { a: Object.assign([1], { more: 1 }) }, ["a"], holes],
  ["a cycle", cyclic, ["a", "back"], "it contains itself; refer to the outer one by an id"],
  ["91 levels", nested(91), Array(90).fill(0), deep],
  ["sealed levels under others", { a: normalise(nested(90), types) }, ["a"], deep],
  ["a symbol as key", { a: { [Symbol("s")]: 1 } }, ["a"], "it has a symbol as a key; use texts as keys"],
  [
    "no date",
    new Date(Number.NaN),
    [],
    "the date is invalid or outside the years 1–9999; store null, or a text",
  ],
  [
    "a date too late",
    new Date(253402300800000),
    [],
    "the date is invalid or outside the years 1–9999; store null, or a text",
  ],
  [
    "a date too early",
    new Date(-62135596800001),
    [],
    "the date is invalid or outside the years 1–9999; store null, or a text",
  ],
  [
    "an instance",
    { a: new Map() },
    ["a"],
    "an instance of Map is not a plain value; store its fields as a plain object",
  ],
  [
    "one of no name",
    new (class {})(),
    [],
    "an instance of an unnamed class is not a plain value; store its fields as a plain object",
  ],
  [
    "other bytes",
    new Uint16Array(1),
    [],
    "an instance of Uint16Array is not a plain value; store its fields as a plain object",
  ],
  [
    "__proto__",
    { a: JSON.parse('{"__proto__":1}') },
    ["a", "__proto__"],
    "__proto__ is not a safe key; rename it",
  ],
  ["NUL in a key", { "a\0": 1 }, ["a\0"], "the key holds a NUL character; take it out"],
  [
    "half a pair in a key",
    { "\udc00": 1 },
    ["\udc00"],
    `the key holds half of a surrogate pair; ${surrogate}`,
  ],
  [
    "a revoked draft",
    [revoked()],
    [0],
    "it is a draft that was kept from an earlier recipe; drafts end with their recipe",
  ],
];

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
}

test.each(refused)("%s is refused with its path and what to do", (_, value, path, reason) => {
  expect(thrownBy(() => normalise(value, types))).toMatchObject({
    name: "ValueError",
    details: { path, reason },
    message: `Cannot store the value at ${showPath(path)}: ${reason}.`,
  });
});

test("what is taken is a sealed copy: undefined fields are gone, elements null, -0 is 0, a Buffer is plain bytes", () => {
  const when = new Date(253402300799999);
  const bytes = Buffer.from([1, 2]);
  const money = new Money(5);
  const given = {
    when,
    early: new Date(-62135596800000),
    bytes,
    money,
    u: undefined,
    list: [undefined, -0],
    bare: Object.assign(Object.create(null), { x: true }),
  };
  const kept = normalise(given, types);
  expect(kept).toStrictEqual({
    when,
    early: given.early,
    bytes: Uint8Array.of(1, 2),
    money,
    list: [null, 0],
    bare: { x: true },
  });
  expect(Object.is((kept.list as unknown[])[1], 0)).toBe(true);
  for (const key of ["when", "bytes", "money", "list", "bare"] as const)
    expect(kept[key]).not.toBe(given[key]);
  expect(Object.getPrototypeOf(kept.bytes)).toBe(Uint8Array.prototype);
  expect(Object.isFrozen(kept) && Object.isFrozen(kept.list)).toBe(true);
  expect(normalise(nested(90), types)).toEqual(nested(90));
  const twice = { n: 1 };
  expect(normalise([twice, twice], types)).toEqual([{ n: 1 }, { n: 1 }]);
  expect(normalise({ a: kept }, types).a).toBe(kept);
  expect(normalise({ a: normalise(nested(89), types) }, types)).toEqual({ a: nested(89) });
});

test("a state is a plain object without what is the library's, and without its own id", () => {
  for (const state of [null, 1, "x", [], new Date(0), new Map()]) {
    const reason = "a state is a plain object; put anything else into a field of one";
    expect(thrownBy(() => normaliseState(state, "d", types))).toMatchObject({
      name: "ValueError",
      message: `Cannot store document "d": ${reason}.`,
      details: { path: [], reason },
    });
  }
  expect(thrownBy(() => normaliseState({ _everdraft: 1 }, "d", types))).toMatchObject({
    message:
      'Cannot store document "d" with a top-level _everdraft: the library keeps its own facts there; use another name.',
    details: { field: "_everdraft" },
  });
  for (const _id of ["e", 1, null, true]) {
    expect(thrownBy(() => normaliseState({ _id }, "d", types))).toMatchObject({
      message:
        'Cannot store document "d" with a top-level _id: it must be left out or equal the document\'s id.',
      details: { field: "_id" },
    });
  }
  expect(normaliseState({ _id: "d", n: 1 }, "d", types)).toEqual({ n: 1 });
  expect(normaliseState({ _id: 7, n: 1 }, 7, types)).toEqual({ n: 1 });
  const dollars = { $schema: "s", $id: 1, a$: 1, in: { $set: 1, _id: 2, _everdraft: 3 } };
  expect(normaliseState(dollars, "d", types)).toEqual(dollars);
  expect(Object.isFrozen(normaliseState({ _id: "d", n: 1 }, "d", types))).toBe(true);
});
