import { encode } from "./canonical.ts";
import { keepSize, keptSize } from "./seal.ts";
import { isContainer, isPlain, type PlainObject } from "./value.ts";
import type { ValueTypes } from "./value-type.ts";

/**
 * The size of a normalised value in canonical bytes. It is kept with each sealed container, so a changed state costs only the
 * containers that are new in it.
 */
export function bytesOf(value: unknown, types: ValueTypes): number {
  return isContainer(value) ? containerBytes(value, types) : leafBytes(value, types);
}

function containerBytes(container: PlainObject | readonly unknown[], types: ValueTypes): number {
  const kept = keptSize(container);
  if (kept !== undefined) return kept;
  const bytes = isPlain(container) ? objectBytes(container, types) : arrayBytes(container, types);
  keepSize(container, bytes);
  return bytes;
}

function arrayBytes(array: readonly unknown[], types: ValueTypes): number {
  let bytes = 1 + lengthBytes(array.length);
  for (const item of array) bytes += bytesOf(item, types);
  return bytes;
}

function objectBytes(object: PlainObject, types: ValueTypes): number {
  let [bytes, count] = [1, 0];
  for (const key of Object.keys(object)) {
    const value = object[key];
    // an undefined field counts as absent
    if (value === undefined) continue;
    count++;
    bytes += textBytes(key) + bytesOf(value, types);
  }
  return bytes + lengthBytes(count);
}

function leafBytes(value: unknown, types: ValueTypes): number {
  if (typeof value === "string") return 1 + textBytes(value);
  if (typeof value === "number") return 9;
  if (typeof value === "boolean" || value === null || value === undefined) return 1;
  return encode(value, types).length;
}

function textBytes(text: string): number {
  const bytes = Buffer.byteLength(text);
  return lengthBytes(bytes) + bytes;
}

/** The size of a length or count: seven bits a byte. */
function lengthBytes(length: number): number {
  let bytes = 1;
  for (let rest = length; rest > 127; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}
