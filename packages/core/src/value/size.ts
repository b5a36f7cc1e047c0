import { factsOf } from "./seal.ts";
import { isBytes, isDate, isPlain } from "./value.ts";
import type { ValueTypes } from "./value-type.ts";

/**
 * The size of a normalised value in canonical bytes, without making them. It is kept with each sealed container, so that
 * of a new state it costs the containers that are new in it.
 */
export function sizeOf(value: unknown, types: ValueTypes): number {
  if (typeof value === "string") return 1 + sizeOfText(value);
  if (typeof value === "number") return 9;
  if (value === null || typeof value !== "object") return 1;
  if (!Array.isArray(value) && !isPlain(value)) return sizeOfLeaf(value, types);
  const facts = factsOf(value);
  if (facts?.bytes !== undefined) return facts.bytes;
  const bytes = Array.isArray(value) ? sizeOfArray(value, types) : sizeOfObject(value, types);
  if (facts !== undefined) facts.bytes = bytes;
  return bytes;
}

function sizeOfArray(array: readonly unknown[], types: ValueTypes): number {
  let bytes = 1 + sizeOfLength(array.length);
  for (const item of array) bytes += sizeOf(item, types);
  return bytes;
}

function sizeOfObject(object: Readonly<Record<string, unknown>>, types: ValueTypes): number {
  let count = 0;
  let bytes = 1;
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    count++;
    bytes += sizeOfText(key) + sizeOf(value, types);
  }
  return bytes + sizeOfLength(count);
}

function sizeOfLeaf(leaf: object, types: ValueTypes): number {
  if (isDate(leaf)) return 9;
  const bytes = isBytes(leaf) ? leaf : types.of(leaf)?.toBytes(leaf);
  if (bytes === undefined) throw new TypeError("the value has no canonical encoding");
  return 1 + sizeOfLength(bytes.length) + bytes.length;
}

/** The size of a length or count. */
export function sizeOfLength(length: number): number {
  let bytes = 1;
  for (let rest = length; rest > 127; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}

/** The size of a key, or of a text behind its tag. */
export function sizeOfText(text: string): number {
  const bytes = Buffer.byteLength(text);
  return sizeOfLength(bytes) + bytes;
}
