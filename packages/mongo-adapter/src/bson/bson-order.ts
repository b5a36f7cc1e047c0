import { compareValues, emptyList, isPlain, type ValueOrder } from "@everdraft/core/adapter";
import {
  type BinaryValue,
  binarySubtype,
  bytesOf,
  isBinary,
  isDecimal,
  isLong,
  isObjectId,
  wholeOf,
} from "./bson-values.ts";

/** The kinds of value in the order in which MongoDB sorts them. An empty array sorts below null. */
export const ranks = {
  empty: 0,
  null: 1,
  number: 2,
  string: 3,
  object: 4,
  array: 5,
  binData: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  other: 10,
} as const;

/** The name of a kind. */
export type Rank = keyof typeof ranks;

function isBytes(value: unknown): value is Uint8Array | BinaryValue {
  return value instanceof Uint8Array || isBinary(value);
}

/** The kind of a value as sorts see it; the value comes from `sortValue` of the core. */
export function rankOf(value: unknown): Rank {
  if (value === undefined || value === null) return "null";
  if (typeof value === "number" || isLong(value) || isDecimal(value)) return "number";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (value instanceof Date) return "date";
  if (isBytes(value)) return "binData";
  if (isObjectId(value)) return "objectId";
  if (value === emptyList) return "empty";
  if (Array.isArray(value)) return "array";
  return isPlain(value) ? "object" : "other";
}

/** Compares two sort values as the server does. */
export function compareSorted(a: unknown, b: unknown): number {
  const [rank, other] = [rankOf(a), rankOf(b)];
  if (rank !== other) return ranks[rank] - ranks[other];
  if (rank === "number") return compareNumbers(a, b);
  if (isBytes(a) && isBytes(b)) return compareBytes(a, b);
  if (isObjectId(a) && isObjectId(b)) return Buffer.compare(a.id, b.id);
  if (isPlain(a) && isPlain(b)) return compareEntries(Object.entries(a), Object.entries(b));
  if (rank === "array" && Array.isArray(a) && Array.isArray(b))
    return compareEntries(Object.entries(a), Object.entries(b));
  return compareValues(a, b);
}

/** The order of MongoDB's values for the library's own looks at views and rows. */
export const mongoOrder: ValueOrder = {
  compare: compareSorted,
  sameKind: (a, b) => rankOf(a) === rankOf(b),
};

function compareNumbers(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return compareValues(a, b);
  const [x, y] = [Number(String(a)), Number(String(b))];
  // where doubles cannot tell them apart, whole numbers are compared exactly
  if (x !== y || !Number.isInteger(x)) return compareValues(x, y);
  const [exact, other] = [exactly(a), exactly(b)];
  if (exact === undefined || other === undefined) return 0;
  return exact < other ? -1 : Number(exact > other);
}

function exactly(value: unknown): bigint | undefined {
  if (isLong(value)) return wholeOf(value);
  try {
    return BigInt(typeof value === "number" ? value : String(value));
  } catch {
    return undefined;
  }
}

/** By length, then by subtype, then by the bytes. */
function compareBytes(a: Uint8Array | BinaryValue, b: Uint8Array | BinaryValue): number {
  const parts = (value: Uint8Array | BinaryValue): [number, Uint8Array] =>
    value instanceof Uint8Array ? [binarySubtype.plain, value] : [value.sub_type, bytesOf(value)];
  const [[subtype, bytes], [otherSubtype, others]] = [parts(a), parts(b)];
  return bytes.length - others.length || subtype - otherSubtype || Buffer.compare(bytes, others);
}

/** Field by field: by kind, then by name, then by value; the shorter first. */
function compareEntries(
  a: readonly (readonly [string, unknown])[],
  b: readonly (readonly [string, unknown])[],
): number {
  for (const [i, [name, value]] of a.entries()) {
    const other = b[i];
    if (other === undefined) break;
    const [otherName, otherValue] = other;
    const byKind = ranks[kindInside(value)] - ranks[kindInside(otherValue)];
    const compared = byKind || compareValues(name, otherName) || compareSorted(value, otherValue);
    if (compared !== 0) return compared;
  }
  return a.length - b.length;
}

function kindInside(value: unknown): Rank {
  return Array.isArray(value) ? "array" : rankOf(value);
}
