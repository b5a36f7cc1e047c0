import { valueTypes } from "@everdraft/core/adapter";
import { normalise, sameValue } from "@everdraft/core/internals";
import { mongoStorage } from "@everdraft/mongo-adapter";
import { anyState, seeded } from "@everdraft/testkit";
import fc from "fast-check";
import { Binary, Decimal128, Long, MongoClient, ObjectId, UUID } from "mongodb";
import { expect, test } from "vitest";
import { createCodec } from "../src/documents/ejson.ts";

const plainTypes = valueTypes([]);
const plainCodec = createCodec([], plainTypes);
// nothing connects before the first call
const { valueTypes: declared } = mongoStorage(new MongoClient("mongodb://127.0.0.1/shop").db()).capabilities;
const types = valueTypes(declared);
const codec = createCodec(declared, types);

test("Every state comes back from its text exactly", { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(anyState(), (state) => {
      const stored = normalise(state, plainTypes);
      const text = plainCodec.line(stored);
      expect(text).not.toContain("\n");
      expect(sameValue(plainCodec.parse(text), stored, plainTypes)).toBe(true);
      expect(sameValue(plainCodec.parse(plainCodec.pretty(stored)), stored, plainTypes)).toBe(true);
    }),
    seeded(500),
  );
});

test("Equal states are equal texts, whatever the order of their keys", () => {
  expect(plainCodec.line({ b: { y: 1, x: [2] }, a: 0 })).toBe(plainCodec.line({ a: 0, b: { x: [2], y: 1 } }));
});

test("MongoDB's values are written as its tools write them, and come back as they were", () => {
  const id = "64b000000000000000000001";
  const uuid = "00112233-4455-6677-8899-aabbccddeeff";
  const cases: [unknown, unknown][] = [
    [new ObjectId(id), { $oid: id }],
    [new UUID(uuid), { $uuid: uuid }],
    [Long.fromString("9007199254740993"), { $numberLong: "9007199254740993" }],
    [Long.fromString("-9223372036854775808"), { $numberLong: "-9223372036854775808" }],
    [Decimal128.fromString("1.10"), { $numberDecimal: "1.10" }],
    [Decimal128.fromString("-Infinity"), { $numberDecimal: "-Infinity" }],
    [new Binary(Uint8Array.of(1, 2), 5), { $binary: { base64: "AQI=", subType: "05" } }],
    [Uint8Array.of(1, 2), { $binary: { base64: "AQI=", subType: "00" } }],
  ];
  for (const [value, encoded] of cases) {
    expect(codec.encode({ value })).toEqual({ value: encoded });
    const decoded = codec.parse(JSON.stringify({ value: encoded }));
    expect(sameValue(decoded, { value }, types), JSON.stringify(encoded)).toBe(true);
  }
});

test("A storage without a kind of value says so, and a Long that is no less as a number is one", () => {
  expect(plainCodec.parse('{ "n": { "$numberLong": "42" } }')).toEqual({ n: 42 });
  expect(plainCodec.parse('{ "n": { "$numberInt": "42" } }')).toEqual({ n: 42 });
  for (const form of ['{ "$numberLong": "9007199254740993" }', '{ "$oid": "64b000000000000000000001" }'])
    expect(() => plainCodec.parse(form)).toThrow(/which this storage does not have/);
});

test("A value that looks like a form and is none is refused", () => {
  for (const form of [
    '{ "$date": "soon" }',
    '{ "$oid": "xyz" }',
    '{ "$numberLong": "9223372036854775808" }',
    '{ "$numberDouble": "one" }',
    '{ "$binary": "AQI=" }',
    '{ "$literal": 1 }',
  ])
    expect(() => codec.parse(form), form).toThrow(/^This is no Extended JSON: /);
});

test("A number that would become another one is refused, in every place and without its digits", () => {
  const cases: [string, RegExp][] = [
    [
      "9007199254740993",
      /^It has an integer that no number can hold \(line 2, column 10\)\. Write it as a text, or /,
    ],
    [
      "12345678901234567.89",
      /^It has a number with more digits than a number can hold \(line 2, column 10\)\. /,
    ],
    [
      "-1e400",
      /^It has a number that is too large or too small for a number to hold \(line 2, column 10\)\. /,
    ],
    ["1e-400", /^It has a number that is too large or too small /],
  ];
  for (const [number, message] of cases) {
    expect(() => codec.parse(`{ "a": "${number}",\n  "b": [[${number}]] }`)).toThrow(message);
    expect(() => codec.parse(number)).toThrow(/^It has a/);
    expect(codec.parse(`{ "a": "${number}" }`)).toEqual({ a: number });
  }
  expect(codec.parse('{ "a": [0.10000000000000001, 9007199254740992, 1e22] }')).toEqual({
    a: [0.1, 9007199254740992, 1e22],
  });
});
