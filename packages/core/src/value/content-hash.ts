import { factsOf } from "./seal.ts";
import { isBytes, isDate, isPlain } from "./value.ts";
import type { ValueTypes } from "./value-type.ts";

// another one in each process, so that nobody can make values that all have one hash
const [seed = 0] = crypto.getRandomValues(new Int32Array(1));

function mixed(hash: number, part: number): number {
  const h = Math.imul(hash ^ part, 0x9e3779b1);
  return h ^ (h >>> 15);
}

function hashOfText(text: string, start: number): number {
  let hash = start ^ text.length;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mixed(hash, text.length);
}

const floats = new Float64Array(1);
const halves = new Int32Array(floats.buffer);

function hashOfNumber(value: number): number {
  // -0 is stored as 0
  floats[0] = value === 0 ? 0 : value;
  return mixed(mixed(seed, halves[0] ?? 0), halves[1] ?? 0);
}

/**
 * A hash of a value's content in 32 bits: equal values have one hash. Takes values that were not checked yet too, and
 * counts undefined as they are stored: no field, or null in a list. Kept with sealed containers; of this process alone.
 */
export function contentHash(value: unknown, types: ValueTypes): number {
  if (typeof value === "string") return hashOfText(value, seed);
  if (typeof value === "number") return hashOfNumber(value);
  if (typeof value === "boolean") return value ? 1 : 2;
  if (value === null || typeof value !== "object") return 3;
  if (!Array.isArray(value) && !isPlain(value)) return hashOfLeaf(value, types);
  const facts = factsOf(value);
  if (facts?.hash !== undefined) return facts.hash;
  const hash = Array.isArray(value) ? hashOfArray(value, types) : hashOfObject(value, types);
  if (facts !== undefined) facts.hash = hash;
  return hash;
}

function hashOfArray(array: readonly unknown[], types: ValueTypes): number {
  let hash = mixed(mixed(seed, 7), array.length);
  for (let i = 0; i < array.length; i++) hash = mixed(hash, contentHash(array[i], types));
  return hash;
}

function hashOfObject(object: Readonly<Record<string, unknown>>, types: ValueTypes): number {
  let sum = 4;
  for (const key of Object.keys(object)) {
    const value = object[key];
    // added up, as the order of keys is no part of the value
    if (value !== undefined) sum = (sum + mixed(hashOfText(key, 5), contentHash(value, types))) | 0;
  }
  return sum;
}

function hashOfLeaf(leaf: object, types: ValueTypes): number {
  if (isDate(leaf)) return mixed(6, hashOfNumber(leaf.getTime()));
  const bytes = isBytes(leaf) ? leaf : types.of(leaf)?.toBytes(leaf);
  let hash = seed;
  if (bytes !== undefined) for (const byte of bytes) hash = mixed(hash, byte);
  return hash;
}
