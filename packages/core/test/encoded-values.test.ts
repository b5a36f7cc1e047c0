// Bytes and values beside each other: what an encoded or decoded value shares, where lengths end, and which key comes first.
import { expect, test } from "vitest";
import { encode, tag } from "../src/value/canonical.ts";
import { decode, NewerValue } from "../src/value/canonical-decode.ts";
import { lend, sealedHeight } from "../src/value/seal.ts";
import { type ValueTypes, valueTypes } from "../src/value/value-type.ts";
import { Money, thrownBy, oddTypes as types } from "./odd-types.ts";

const of = (...bytes: number[]) => decode(Uint8Array.from(bytes), types);
const messageOf = (...bytes: number[]) => thrownBy(() => of(...bytes)).message;

test("a decoded value shares no bytes with those that it was read from, and encoded bytes share none with others", () => {
  class Raw {
    readonly bytes: Uint8Array;
    constructor(bytes: Uint8Array) {
      this.bytes = bytes;
    }
  }
  const raw: ValueTypes = valueTypes([
    {
      tag: 203,
      name: "Raw",
      is: (value) => value instanceof Raw,
      toBytes: (value) => (value as Raw).bytes,
      fromBytes: (bytes) => new Raw(bytes),
      equals: () => false,
    },
  ]);
  const given = Buffer.from(
    encode([Uint8Array.of(1, 2), new Raw(Uint8Array.of(3)), "text", { key: 1 }], raw),
  );
  const decoded = decode(given, raw) as [Uint8Array, Raw, string, object];
  given.fill(0xff);
  expect(decoded).toEqual([Uint8Array.of(1, 2), new Raw(Uint8Array.of(3)), "text", { key: 1 }]);
  const isPlainBytes = (bytes: Uint8Array) => Object.getPrototypeOf(bytes) === Uint8Array.prototype;
  expect([decoded[0], decoded[1].bytes].every(isPlainBytes)).toBe(true);
  const [first, second] = [encode("one", types), encode("two", types)];
  expect([decode(first, types), decode(second, types)]).toEqual(["one", "two"]);
});

test("a value is read from a part of longer bytes, and ends with that part", () => {
  const value = { n: 1.5, list: [2.5, new Date(3), "a", Uint8Array.of(4)] };
  const bytes = encode(value, types);
  const longer = Buffer.concat([Buffer.alloc(5, 3), bytes, Buffer.alloc(5, 3)]);
  expect(decode(longer.subarray(5, 5 + bytes.length), types)).toEqual(value);
  expect(() => decode(longer.subarray(5, 4 + bytes.length), types)).toThrow("they are cut");
  expect(() => decode(longer.subarray(5, 6 + bytes.length), types)).toThrow("bytes are left over");
});

test("an erased value is of a newer version of the library, wherever it stands", () => {
  for (const bytes of [
    [tag.erased],
    [tag.array, 2, tag.null, tag.erased],
    [tag.object, 1, 1, 97, tag.erased],
  ]) {
    const error = thrownBy(() => of(...bytes));
    expect(error).toBeInstanceOf(NewerValue);
    expect(error.message).toBe("an erased value");
  }
});

test("a length has at most six bytes, and says no more than there are", () => {
  expect(of(tag.string, 1, 97)).toBe("a");
  expect(of(tag.array, 2, tag.null, tag.true)).toEqual([null, true]);
  expect(messageOf(tag.array, 3, tag.null, tag.true)).toContain("they are cut");
  expect(messageOf(tag.string, 255, 255, 255, 255, 255, 127)).toContain("they are cut");
  expect(messageOf(tag.string, 255, 255, 255, 255, 255, 255)).toContain("a length is wrong");
  expect(messageOf(tag.string, 255, 255, 255, 255, 255, 255, 1)).toContain("a length is wrong");
  expect(messageOf(tag.string, 255)).toContain("a length is wrong");
  expect(messageOf(tag.array, 255, 255, 255, 255, 255, 127)).toContain("they are cut");
  for (const length of [127, 128, 16_383, 16_384, 2_097_151, 2_097_152]) {
    const bytes = encode(new Uint8Array(length), types);
    expect(bytes.length - length).toBe(length < 128 ? 2 : length < 16_384 ? 3 : length < 2_097_152 ? 4 : 5);
    expect((decode(bytes, types) as Uint8Array).length).toBe(length);
  }
});

test("keys come in the order of their UTF-8 bytes, whichever way an object was made", () => {
  const keys = ["", "A", "a", "aa", "b", "é", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{1f600}"];
  const ordered = encode(Object.fromEntries(keys.map((key) => [key, 1])), types);
  expect(Object.keys(decode(ordered, types) as object)).toEqual(keys);
  expect(encode(Object.fromEntries(keys.toReversed().map((key) => [key, 1])), types)).toEqual(ordered);
  const last = [...keys.slice(0, -2), "\u{1f600}", "\u{10000}"];
  expect(encode(Object.fromEntries(last.map((key) => [key, 1])), types)).toEqual(ordered);
  const numbered = encode({ 10: "x", 9: "y" }, types);
  expect(Object.keys(JSON.parse('{"10":1,"9":1}'))).toEqual(["9", "10"]);
  expect([...numbered]).toEqual([tag.object, 2, 2, 49, 48, tag.string, 1, 120, 1, 57, tag.string, 1, 121]);
});

test("a value that has no encoding leaves nothing behind in the next one", () => {
  for (const bad of [[1, "a", { b: [new Map()] }], new Map(), { a: "x".repeat(20_000), b: new Set() }]) {
    expect(thrownBy(() => encode(bad, types))).toMatchObject({
      name: "TypeError",
      message: "the value has no canonical encoding",
    });
    expect([...encode([true], types)]).toEqual([tag.array, 1, tag.true]);
  }
});

test("a function, a symbol and a bigint have no encoding, alone or inside of another value", () => {
  for (const bad of [() => 1, Symbol("s"), 1n])
    for (const value of [bad, [bad], { bad }])
      expect(thrownBy(() => encode(value, types)).message).toBe("the value has no canonical encoding");
});

test("a value type may encode a very large value of its own amid another", () => {
  class Box {}
  const large = ["x".repeat(2 << 20), "é".repeat(10)];
  const boxes = valueTypes([
    {
      tag: 204,
      name: "Box",
      is: (value) => value instanceof Box,
      toBytes: () => encode(large, types),
      fromBytes: (bytes) => {
        expect(decode(bytes, types)).toEqual(large);
        return new Box();
      },
      equals: () => true,
    },
  ]);
  const value = { before: ["a", 1.5], box: new Box(), end: "b" };
  for (let i = 0; i < 2; i++) expect(decode(encode(value, boxes), boxes)).toEqual(value);
  expect(decode(encode([new Money(1)], types), types)).toEqual([new Money(1)]);
});

test("a decoded part knows its own levels and leaves, whatever was read before it", () => {
  const before = [[[new Date(1)]], { a: { b: [Uint8Array.of(1)] } }];
  const parts = [
    [1],
    [null, "a"],
    {},
    { n: 1 },
    { n: null, text: "a", yes: true },
    [[2], null],
    { in: { n: 1 } },
  ];
  const decoded = decode(encode([...before, ...parts], types), types) as object[];
  const lent = lend(decoded, types);
  const heights = [2, 3, 1, 1, 1, 1, 1, 2, 2];
  expect(decoded.map(sealedHeight)).toEqual(heights);
  expect(decoded.map((part, i) => lent[i] === part)).toEqual(heights.map((_, i) => i >= before.length));
  expect(sealedHeight(decode(encode({ a: [], list: [[[1]]], b: {} }, types), types) as object)).toBe(4);
});

test("every leaf of a decoded value that could be changed in place is its own", () => {
  const bytes = encode([new Date(1), Uint8Array.of(1), new Money(1)], types);
  const [a, b] = [decode(bytes, types), decode(bytes, types)] as [unknown[], unknown[]];
  expect(a).toEqual(b);
  for (const [i, leaf] of a.entries()) expect(leaf).not.toBe(b[i]);
});
