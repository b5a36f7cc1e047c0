// Which values equal a sealed one, and which keys and leaves are taken as they are.
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { normalise } from "../src/value/normalise.ts";
import { isKnownKey, isKnownLeaf, isSame } from "../src/value/same-value.ts";
import { Money, oddTypes as types, Weight } from "./odd-types.ts";

class OwnBytes extends Uint8Array {}

/** A value, and the one that is stored of it. */
const equal: readonly (readonly [value: unknown, stored: unknown])[] = [
  ...[null, true, false, 0, 1.5, Number.NaN, "", "a"].map((value) => [value, value] as const),
  [-0, 0],
  [
    [-0, Number.NaN],
    [0, Number.NaN],
  ],
  [new Date(1), new Date(1)],
  [Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
  [Buffer.from([1, 2]), Uint8Array.of(1, 2)],
  [new Money(1), new Money(1)],
  [runInNewContext("({ when: new Date(5), list: [[1]] })"), { when: new Date(5), list: [[1]] }],
  [[], []],
  [{}, {}],
  [
    [null, [1, { a: [new Date(1)] }]],
    [null, [1, { a: [new Date(1)] }]],
  ],
  [
    { b: [1], a: { n: null } },
    { a: { n: null }, b: [1] },
  ],
  [{ a: 1, gone: undefined }, { a: 1 }],
  [{ gone: undefined, a: 1 }, { a: 1 }],
  [
    { "": 1, a: 2 },
    { a: 2, "": 1 },
  ],
  [
    { constructor: 1, toString: "x" },
    { toString: "x", constructor: 1 },
  ],
];

test("a value equals the sealed one that is stored of it, also where it is sealed itself", () => {
  for (const [value, stored] of equal) {
    const sealed = normalise(stored, types);
    expect({ value, same: isSame(sealed, value, types) }).toEqual({ value, same: true });
    expect(isSame(normalise([stored, { stored }], types), [value, { stored: value }], types)).toBe(true);
    expect(isSame(sealed, normalise(value, types), types)).toBe(true);
  }
});

/** A sealed value, and one that looks like it in some way. */
const different: readonly (readonly [stored: unknown, value: unknown])[] = [
  [null, {}],
  [{}, null],
  [null, []],
  [null, false],
  [1, "1"],
  [1, [1]],
  ["a", ["a"]],
  [{ a: null }, { a: undefined }],
  [{ a: 1 }, {}],
  [{}, { a: 1 }],
  [
    { a: 1, b: 2 },
    { a: 1, c: 2 },
  ],
  [{ a: 1 }, { a: 2 }],
  [[1], []],
  [[], [1]],
  [
    [1, 2],
    [1, 3],
  ],
  [{ length: 0 }, []],
  [{ length: 1, 0: 5 }, [5]],
  [[5], { 0: 5 }],
  [new Date(1), 1],
  [1, new Date(1)],
  [new Date(1), new Date(2)],
  [{}, new Date(1)],
  [Uint8Array.of(1), Uint8Array.of(2)],
  [Uint8Array.of(1), [1]],
  [new Money(1), new Weight(1)],
  [new Money(1), {}],
  [null, new Money(1)],
];

test("a value that differs from a sealed one does not equal it", () => {
  for (const [stored, value] of different) {
    expect({ stored, value, same: isSame(normalise(stored, types), value, types) }).toEqual({
      stored,
      value,
      same: false,
    });
    expect(isSame(normalise([{ stored }], types), [{ stored: value }], types)).toBe(false);
  }
});

/** A sealed value, and one with the same fields or elements that is not taken as it is. */
const notTaken: readonly (readonly [stored: unknown, value: unknown])[] = [
  [{ n: 1 }, { n: 1, [Symbol("s")]: 1 }],
  [[1], Object.assign([1], { more: 1 })],
  [[1], Object.assign([1], { [Symbol("s")]: 1 })],
  [[null], Array(1)],
  [{ a: 1 }, { constructor: Object }],
  [{ a: 1 }, { toString: Object.prototype.toString }],
  [{ a: {} }, JSON.parse('{"__proto__":{}}')],
  [Uint8Array.of(1), OwnBytes.of(1)],
  [new Date(0), new Date(Number.NaN)],
  [{}, new Map()],
  [[], undefined],
];

test("a value that is not taken as it is equals no sealed one, however alike", () => {
  for (const [stored, value] of notTaken) {
    expect({ value, same: isSame(normalise(stored, types), value, types) }).toEqual({ value, same: false });
    expect(isSame(normalise([{ stored }], types), [{ stored: value }], types)).toBe(false);
  }
});

test("a key is taken unless it is __proto__, or holds NUL or half of a surrogate pair, at whatever length and however often", () => {
  const long = "k".repeat(100);
  for (let i = 0; i < 2; i++) {
    expect(["", "a", "é\u{1f600}", "constructor", "$set", long].every(isKnownKey)).toBe(true);
    const refused = ["__proto__", "a\0", "\0", "\ud800", `${long}\udc00`, `${long}\0`];
    expect(refused.some(isKnownKey)).toBe(false);
  }
});

test("a leaf is taken if it comes back exactly: a date in its bounds, bytes of no class, a value of a declared type", () => {
  const taken = [
    new Date(0),
    Uint8Array.of(),
    Buffer.from([1]),
    new Money(1),
    runInNewContext("new Date(5)"),
  ];
  expect(taken.every((leaf) => isKnownLeaf(leaf, types))).toBe(true);
  const others = [
    ...[new Date(Number.NaN), new Date(8.64e15), OwnBytes.of(1), runInNewContext("new Uint8Array(1)")],
    ...[new Map(), Object.create(Date.prototype), Object.create(Uint8Array.prototype), Int8Array.of(1)],
  ];
  expect(others.some((leaf) => isKnownLeaf(leaf, types))).toBe(false);
});
