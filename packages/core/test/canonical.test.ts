// The bytes of values: one sequence each, the same for ever, and no others are taken.
import { expect, test } from "vitest";
import { encode, tag } from "../src/value/canonical.ts";
import { decode } from "../src/value/canonical-decode.ts";
import { digestOf } from "../src/value/digest.ts";
import { normalise } from "../src/value/normalise.ts";
import { sizeOf } from "../src/value/size.ts";
import { Money, thrownBy, oddTypes as types } from "./odd-types.ts";

const lengthBytes = (length: number): number[] =>
  length < 128 ? [length] : [(length % 128) | 128, ...lengthBytes(Math.floor(length / 128))];

test("a text that does not fit into what is left of the buffer is whole all the same", () => {
  // the first buffer has 16 KiB; a short text may take three bytes a character
  const text = "日".repeat(41);
  for (let length = 16_384 - 140; length <= 16_384; length++) {
    const value = ["x".repeat(length), text];
    expect(decode(encode(value, types), types)).toEqual(value);
  }
});

test("texts of every length are their UTF-8 behind its length, whatever they are made of", () => {
  for (const length of [0, 1, 23, 24, 25, 26, 41, 42, 43, 126, 127, 128, 129, 16_383, 16_384, 40_000])
    for (const sign of ["a", "\u007f", "\u0080", "é", "日", "\u{1f600}"]) {
      for (const text of [
        sign.repeat(length),
        `${"a".repeat(length)}${sign}`,
        `${sign}${"a".repeat(length)}`,
      ]) {
        const utf8 = Buffer.from(text, "utf8");
        const bytes = encode(text, types);
        expect(
          Buffer.from(bytes).equals(Buffer.from([tag.string, ...lengthBytes(utf8.length), ...utf8])),
        ).toBe(true);
        expect(decode(bytes, types)).toBe(text);
        expect(decode(encode({ [text]: [text] }, types), types)).toEqual({ [text]: [text] });
      }
    }
});

const samples: readonly unknown[] = [
  ...[null, true, false, 1.5, "a", "ü".repeat(30), new Date(5), Uint8Array.of(1, 2, 3), new Money(7)],
  ...[[], [1, "b", [null]], {}, { a: 1, "": { b: [new Date(1)] }, z: Uint8Array.of(9) }],
];

test("bytes that are cut, go on, or say what there is not are no value", () => {
  const no = (what: string) => `these are not canonical bytes: ${what}`;
  for (const sample of samples) {
    const bytes = encode(sample, types);
    expect(decode(bytes, types)).toEqual(sample);
    for (let length = 0; length < bytes.length; length++) {
      const error = thrownBy(() => decode(bytes.subarray(0, length), types));
      expect(error).toBeInstanceOf(TypeError);
      expect([no("they are cut"), no("a length is wrong")]).toContain(error.message);
    }
    expect(thrownBy(() => decode(Buffer.concat([bytes, Buffer.of(0)]), types)).message).toBe(
      no("bytes are left over"),
    );
  }
  const cases: readonly (readonly [string, readonly number[]])[] = [
    ["they are cut", []],
    ["unknown tag 15", [15]],
    ["unknown tag 255", [255, 0]],
    ["they are cut", [tag.number, 0, 0, 0, 0, 0, 0, 0]],
    ["they are cut", [tag.string, 2, 97]],
    ["they are cut", [tag.bytes, 2, 97]],
    ["they are cut", [tag.array, 3, 0, 0]],
    ["a length is wrong", [tag.string]],
    ["a length is wrong", [tag.string, 128, 128, 128, 128, 128, 128, 1]],
    ["a key is __proto__", [tag.object, 1, 9, ...Buffer.from("__proto__"), 0]],
  ];
  for (const [what, bytes] of cases)
    expect({ bytes, message: thrownBy(() => decode(Uint8Array.from(bytes), types)).message }).toEqual({
      bytes,
      message: no(what),
    });
});

test("numbers have one encoding each, and what has none is an error", () => {
  const strange = new DataView(new ArrayBuffer(8));
  strange.setBigUint64(0, 0xfff8000000000001n);
  expect(Buffer.from(encode(strange.getFloat64(0), types)).toString("hex")).toBe("037ff8000000000000");
  expect(encode(-0, types)).toEqual(encode(0, types));
  expect(encode(undefined, types)).toEqual(encode(null, types));
  expect(encode({ a: undefined, b: [undefined] }, types)).toEqual(encode({ b: [null] }, types));
  expect(encode({ b: 1, a: 2 }, types)).toEqual(encode({ a: 2, b: 1 }, types));
  expect(thrownBy(() => encode([new Map()], types)).message).toBe("the value has no canonical encoding");
  expect([...encode(new Money(7), types)]).toEqual([200, 1, 7]);
});

test("a value weighs what its encoding does, sealed or not, however it nests; and large ones leave no room behind", () => {
  for (const sample of [...samples, samples, { samples, twice: [samples, samples] }]) {
    const { length } = encode(sample, types);
    expect(sizeOf(sample, types)).toBe(length);
    const sealed = normalise(sample, types);
    expect(sizeOf(sealed, types)).toBe(length);
    expect(sizeOf(sealed, types)).toBe(length);
    expect(digestOf(sealed, types)).toBe(digestOf(sample, types));
  }
  const large = "x".repeat(3 << 20);
  expect(decode(encode(large, types), types)).toBe(large);
  expect(decode(encode(["a", large, "b"], types), types)).toEqual(["a", large, "b"]);
});
