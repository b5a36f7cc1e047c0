// Bytes of another realm are not for the quick walk, so the other one takes the whole value: as the quick walk would.
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { showPath } from "../src/errors/show.ts";
import { normalise, reconcile } from "../src/value/normalise.ts";
import type { Path } from "../src/value/path.ts";
import { reconcileQuickly, unsure } from "../src/value/reconcile.ts";
import { isSealed } from "../src/value/seal.ts";
import { valueTypes } from "../src/value/value-type.ts";
import { Money, thrownBy, oddTypes as types } from "./odd-types.ts";

const bytes: Uint8Array = runInNewContext("new Uint8Array([1, 2])");
const nested = (levels: number, innermost: unknown = bytes): unknown =>
  Array.from({ length: levels }).reduce((inner) => [inner], innermost);

test("bytes of another realm come back as bytes of this one, and so does a Buffer", () => {
  const code = "(() => { class Buffer extends Uint8Array {} return Buffer.of(1, 2); })()";
  for (const given of [bytes, runInNewContext(code)]) {
    expect(reconcileQuickly(undefined, given, types)).toBe(unsure);
    const kept = normalise(given, types);
    expect(kept).toStrictEqual(Uint8Array.of(1, 2));
    expect(Object.getPrototypeOf(kept)).toBe(Uint8Array.prototype);
  }
});

test("beside them every other value is kept as ever", () => {
  class OwnList extends Array<unknown> {}
  const others = {
    text: "a",
    half: 0.5,
    zero: -0,
    yes: true,
    no: false,
    none: null,
    when: new Date(5),
    own: Uint8Array.of(1, 2),
    buffer: Buffer.from([3]),
    money: new Money(7),
    list: [undefined, -0, [1], new Date(6)],
    ownList: OwnList.from([1, [2]]),
    foreign: runInNewContext("({ when: new Date(5), list: [[undefined]], n: 1 })"),
    bare: Object.assign(Object.create(null), { x: true }),
    gone: undefined,
  };
  const kept = normalise({ bytes, others }, types);
  expect(kept).toStrictEqual({ bytes: Uint8Array.of(1, 2), others: normalise(others, types) });
  expect(Object.is(kept.others.zero, 0)).toBe(true);
  expect(Object.keys(kept.others)).toEqual(Object.keys(others).filter((key) => key !== "gone"));
  for (const key of ["when", "own", "money", "list"] as const) expect(kept.others[key]).not.toBe(others[key]);
  for (const list of [kept.others.list, kept.others.ownList, kept.others.foreign.list])
    expect(Object.getPrototypeOf(list)).toBe(Array.prototype);
  expect([kept, kept.others, kept.others.list, kept.others.foreign].every(isSealed)).toBe(true);
});

test("an object that is there twice is no cycle, and a sealed one is taken over", () => {
  const twice = { n: [1] };
  expect(normalise([bytes, twice, { twice }, twice], types)).toEqual(
    [bytes, twice, { twice }, twice].map((v) => normalise(v, types)),
  );
  const sealed = normalise({ n: [1] }, types);
  expect(normalise({ bytes, sealed }, types).sealed).toBe(sealed);
});

test("a field that is undefined is left out, whatever its key", () => {
  const gone = { "a\0": undefined, "\ud800": undefined };
  expect(normalise({ ...gone, n: 1 }, types)).toEqual({ n: 1 });
  expect(Object.keys(normalise({ ...gone, bytes }, types))).toEqual(["bytes"]);
});

test("a value type is asked neither about bytes nor about dates, plain objects and lists", () => {
  class Own extends Uint8Array {}
  const greedy = valueTypes([
    {
      tag: 205,
      name: "Anything",
      is: () => true,
      toBytes: () => Uint8Array.of(1),
      fromBytes: () => new Map(),
      equals: () => true,
    },
  ]);
  const value = { when: new Date(5), list: [Uint8Array.of(1), {}], map: new Set() };
  const kept = { when: new Date(5), list: [Uint8Array.of(1), {}], map: new Map() };
  expect(normalise(value, greedy)).toStrictEqual(kept);
  expect(normalise({ bytes, ...value }, greedy)).toStrictEqual({ bytes: Uint8Array.of(1, 2), ...kept });
  for (const bad of [Own.of(1), new Date(Number.NaN)])
    expect(thrownBy(() => normalise([bad], greedy))).toMatchObject({
      name: "ValueError",
      details: { path: [0] },
    });
});

test("they may be in the 90th level, and sealed parts may reach down to it", () => {
  expect(normalise(nested(90), types)).toEqual(nested(90, Uint8Array.of(1, 2)));
  const sealed = normalise(nested(89, 1), types);
  expect(normalise({ bytes, in: sealed }, types)).toEqual({ bytes: Uint8Array.of(1, 2), in: sealed });
});

test("equal parts before are not shared beside them, and the value is right all the same", () => {
  const before = normalise({ bytes: Uint8Array.of(1), n: { a: 1 } }, types);
  expect(reconcile(before, { bytes, n: { a: 1 } }, types)).toEqual({
    bytes: Uint8Array.of(1, 2),
    n: { a: 1 },
  });
});

const deep = "it nests deeper than 90 levels; make it flatter, or split it over several documents";
const instance = (name: string) =>
  `an instance of ${name} is not a plain value; store its fields as a plain object`;
const inItself: Record<string, unknown> = {};
inItself.list = [inItself];
const odd = (prototype: object) => Object.setPrototypeOf(new Uint8Array(1), prototype);

const refused: readonly (readonly [what: string, value: unknown, path: Path, reason: string])[] = [
  ["bytes in the 91st level", nested(91), Array(90).fill(0), deep],
  ["sealed levels below the 90th", [bytes, { in: normalise(nested(89, 1), types) }], [1, "in"], deep],
  [
    "a cycle through a list",
    { bytes, inItself },
    ["inItself", "list", 0],
    "it contains itself; refer to the outer one by an id",
  ],
  [
    "a symbol as the key of a list",
    { list: Object.assign([1], { [Symbol("s")]: 1 }) },
    ["list"],
    "it has a symbol as a key; use texts as keys",
  ],
  [
    "an object behind one without a prototype",
    [Object.create(Object.create(null))],
    [0],
    instance("an unnamed class"),
  ],
  [
    "bytes whose prototype is no class",
    { bytes: odd(Object.create(null)) },
    ["bytes"],
    instance("an unnamed class"),
  ],
  [
    "bytes of a class of another realm",
    [runInNewContext("(() => { class Own extends Uint8Array {} return new Own(1); })()")],
    [0],
    instance("Own"),
  ],
  [
    "bytes of a class below such a class that is called Buffer",
    [
      runInNewContext(
        "(() => { class Own extends Uint8Array {} class Buffer extends Own {} return new Buffer(1); })()",
      ),
    ],
    [0],
    instance("Buffer"),
  ],
  [
    "half a pair in a text of a list",
    [["a", "\udfff"]],
    [0, 1],
    "the text holds half of a surrogate pair; repair it with toWellFormed()",
  ],
  ["undefined alone", undefined, [], "undefined is not a value; use null, or delete the field"],
];

test.each(refused)("%s is refused with its path", (_, value, path, reason) => {
  expect(thrownBy(() => normalise(value, types))).toMatchObject({
    name: "ValueError",
    details: { path, reason },
    message: `Cannot store the value at ${showPath(path)}: ${reason}.`,
  });
});
