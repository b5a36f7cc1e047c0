// Sizes and hashes of content, which are added up without the bytes themselves.
import { expect, test } from "vitest";
import { encode } from "../src/value/canonical.ts";
import { decode } from "../src/value/canonical-decode.ts";
import { contentHash } from "../src/value/content-hash.ts";
import { normalise } from "../src/value/normalise.ts";
import { sizeOf } from "../src/value/size.ts";
import { valueTypes } from "../src/value/value-type.ts";
import { Money, thrownBy, oddTypes as types, Weight } from "./odd-types.ts";

const long = (length: number) => "x".repeat(length);
const samples: readonly unknown[] = [
  ...[null, true, false, 0, -1.5, Number.NaN, "", "é", "日本", "\u{1f600}", new Date(5), new Money(7)],
  ...[
    long(127),
    long(128),
    long(16_383),
    long(16_384),
    "é".repeat(64),
    Uint8Array.of(1, 2),
    new Uint8Array(200),
  ],
  ...[[], {}, Array(127).fill(1), Array(128).fill(null), { [long(128)]: 1, é: [{}] }],
  Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`k${i}`, i])),
];

test("the size of a value is the length of its canonical bytes, sealed or not, asked once or twice", () => {
  for (const sample of [...samples, samples, { samples, twice: [samples, samples] }]) {
    const { length } = encode(sample, types);
    const sealed = normalise(sample, types);
    expect([sizeOf(sample, types), sizeOf(sealed, types), sizeOf(sealed, types)]).toEqual([
      length,
      length,
      length,
    ]);
  }
  expect(sizeOf({ a: undefined, b: [undefined] }, types)).toBe(encode({ b: [null] }, types).length);
  const nearlyMore = Object.fromEntries(Array.from({ length: 128 }, (_, i) => [`k${i}`, i || undefined]));
  expect(sizeOf(nearlyMore, types)).toBe(encode(nearlyMore, types).length);
  expect(thrownBy(() => sizeOf([new Map()], types)).message).toBe("the value has no canonical encoding");
});

test("equal values have one hash, as they are given and as they are stored; other samples have others", () => {
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [
      { a: 1, b: [{}] },
      { b: [{}], a: 1 },
    ],
    [{ a: -0 }, { a: 0 }],
    [{ a: 1, u: undefined }, { a: 1 }],
    [[undefined], [null]],
    [Buffer.from([1]), Uint8Array.of(1)],
    [new Date(1), new Date(1)],
    [new Money(1), new Money(1)],
  ];
  for (const [a, b] of pairs) {
    expect(contentHash(a, types)).toBe(contentHash(b, types));
    const sealed = normalise([b], types);
    expect([contentHash([a], types), contentHash(sealed, types), contentHash(sealed, types)]).toEqual(
      Array(3).fill(contentHash([b], types)),
    );
  }
  const others = [
    ...samples,
    1,
    2,
    "a",
    "b",
    ["a", "b"],
    ["b", "a"],
    { a: "b" },
    { b: "a" },
    [["a"]],
    new Weight(9),
  ];
  expect(new Set(others.map((sample) => contentHash(sample, types))).size).toBe(others.length);
});

test("a value type may encode and decode something of its own while it is encoded or decoded", () => {
  class Pair {
    readonly left: unknown;
    readonly right: unknown;
    constructor(left: unknown, right: unknown) {
      this.left = left;
      this.right = right;
    }
  }
  const inner = types;
  const nesting = valueTypes([
    {
      tag: 210,
      name: "Pair",
      is: (value) => value instanceof Pair,
      toBytes: (value) => encode([(value as Pair).left, { key: (value as Pair).right }], inner),
      fromBytes: (bytes) => {
        const [left, { key }] = decode(bytes, inner) as [unknown, { key: unknown }];
        return new Pair(left, key);
      },
      equals: () => false,
    },
  ]);
  const value = { a: 1.5, b: [new Pair("x", 2.5), "y", new Pair(null, new Uint8Array(20_000))], c: 3.5 };
  const bytes = encode(value, nesting);
  expect(decode(bytes, nesting)).toEqual(value);
  expect(encode(decode(bytes, nesting), nesting)).toEqual(bytes);
  const failing = valueTypes([
    {
      tag: 211,
      name: "Failing",
      is: () => true,
      toBytes: () => encode(new Map(), types),
      fromBytes: () => decode(Uint8Array.of(15), types) as object,
      equals: () => false,
    },
  ]);
  expect(thrownBy(() => encode({ a: [1, new Map()] }, failing)).message).toContain("no canonical encoding");
  expect(thrownBy(() => decode(Uint8Array.of(7, 2, 211, 0, 2), failing)).message).toContain("unknown tag 15");
  expect(decode(encode(value.a, types), types)).toBe(1.5);
});

test("keys that share a place among those that are kept are told apart", () => {
  const keys = Array.from({ length: 9_000 }, (_, i) => `key ${i} ${"é".repeat(i % 3)}`);
  const odd = ["", "a", "A", "\u0000", "k".repeat(64), "k".repeat(65), "é".repeat(32), "é".repeat(33)];
  const value = Object.fromEntries([...keys, ...odd].map((key, i) => [key, i]));
  for (let i = 0; i < 3; i++) expect(decode(encode(value, types), types)).toEqual(value);
  // two keys of one hash: "Aa" and "BB", as in every hash by 31
  for (const pair of [
    ["Aa", "BB"],
    ["BB", "Aa"],
  ])
    for (const key of pair) expect(decode(encode({ [key]: 1 }, types), types)).toEqual({ [key]: 1 });
});
