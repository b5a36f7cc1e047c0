import { showId } from "../errors/show.ts";
import { compareKeys } from "../value/key-order.ts";
import { hasOwn, isBytes, isDate, isPlain } from "../value/value.ts";
import type { DocumentId, IdKind } from "./document-id.ts";

/**
 * The order of values that sorts use on every storage: MongoDB's, with kinds in the order of `ranks` and, of
 * an array, the least element for an ascending sort and the greatest for a descending one.
 */
export const ranks = {
  empty: 0,
  null: 1,
  number: 2,
  string: 3,
  object: 4,
  array: 5,
  bytes: 6,
  other: 7,
  boolean: 8,
  date: 9,
};

/** The rank of a value's kind. */
export function rankOf(value: unknown): number {
  if (value === null || value === undefined) return ranks.null;
  if (typeof value === "number") return ranks.number;
  if (typeof value === "string") return ranks.string;
  if (typeof value === "boolean") return ranks.boolean;
  if (value === emptyList) return ranks.empty;
  if (Array.isArray(value)) return ranks.array;
  if (isBytes(value)) return ranks.bytes;
  if (isDate(value)) return ranks.date;
  return isPlain(value) ? ranks.object : ranks.other;
}

/** The sort value of a field that holds an empty list. It is below null; an empty list within a list is a list. */
export const emptyList: unique symbol = Symbol("an empty list");

/** How a storage orders values, in sorts and in the comparisons of filters. */
export interface ValueOrder {
  /** Below 0 where the first comes first, 0 where they are equal. */
  compare(a: unknown, b: unknown): number;
  /** Whether two values are of one kind, so that their order says more than that. */
  sameKind(a: unknown, b: unknown): boolean;
}

function sameRank(a: unknown, b: unknown): boolean {
  return rankOf(a) === rankOf(b);
}

/**
 * Compares two values as sorts do. Values without an order of their own (objects, arrays in arrays) count as
 * equal.
 */
export function compareValues(a: unknown, b: unknown): number {
  const byRank = rankOf(a) - rankOf(b);
  if (byRank !== 0) return byRank;
  if (typeof a === "string" && typeof b === "string") return compareKeys(a, b);
  if (typeof a === "number" && typeof b === "number") return compareNumbers(a, b);
  if (typeof a === "boolean") return Number(a) - Number(b);
  if (isDate(a) && isDate(b)) return a.getTime() - b.getTime();
  if (isBytes(a) && isBytes(b)) return a.length - b.length || Buffer.compare(a, b);
  return rankOf(a) === ranks.other ? compareKeys(String(a), String(b)) : 0;
}

// NaN is below all numbers
function compareNumbers(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(!Number.isNaN(a)) - Number(!Number.isNaN(b));
  return a < b ? -1 : Number(a > b);
}

/** The order of the plain values, by which those of an adapter's own go by their texts. */
export const plainOrder: ValueOrder = { compare: compareValues, sameKind: sameRank };

/** The value by which a state is sorted on a dotted path; undefined where there is none. */
export function sortValue(
  state: unknown,
  path: string,
  direction: 1 | -1,
  { compare }: ValueOrder = plainOrder,
): unknown {
  const found: unknown[] = [];
  collect(state, path.split("."), 0, found);
  if (found.length === 0) return undefined;
  return found.reduce((best, value) => (compare(value, best) * direction < 0 ? value : best));
}

function collect(value: unknown, steps: readonly string[], depth: number, found: unknown[]): void {
  const step = steps[depth];
  if (step === undefined) {
    if (Array.isArray(value)) found.push(...(value.length === 0 ? [emptyList] : value));
    else found.push(value);
  } else if (Array.isArray(value)) {
    if (/^\d+$/.test(step) && Number(step) < value.length)
      collect(value[Number(step)], steps, depth + 1, found);
    for (const item of value) if (isPlain(item)) collect(item, steps, depth, found);
  } else if (isPlain(value) && hasOwn(value, step)) collect(value[step], steps, depth + 1, found);
}

/** Compares two ids: kind by kind in the order of the kinds, and within a kind from the lowest. */
export function compareIds(a: DocumentId, b: DocumentId, kinds: readonly IdKind[]): number {
  const kindOf = (id: DocumentId): number => kinds.findIndex((kind) => kind.is(id));
  const byKind = kindOf(a) - kindOf(b);
  if (byKind !== 0) return byKind;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return compareKeys(a, b);
  return compareKeys(showId(a), showId(b));
}
