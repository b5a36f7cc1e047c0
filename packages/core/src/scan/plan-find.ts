import type { CheckedFilter } from "../model/filter.ts";
import type { FindPosition, FindQuery, Sort } from "../port/view-store.ts";
import { isPlain, type PlainObject } from "../value/value.ts";
import type { IndexShape } from "./index-entries.ts";
import { kindRange, sortKey } from "./sort-key.ts";

/** An index as a plan needs to know it. */
export interface PlannedIndex {
  readonly name: string;
  /** Its fields, in order. */
  readonly keys: Sort;
  readonly shape: IndexShape;
}

/** An end of a range of keys. */
export interface KeyEnd {
  readonly key: Uint8Array;
  readonly included: boolean;
}

/** The keys that a filter leaves to one field of an index. */
export type FieldBound =
  | { readonly kind: "keys"; readonly keys: readonly Uint8Array[] }
  | { readonly kind: "range"; readonly from: KeyEnd; readonly to: KeyEnd };

/** A field of an index by which it gives the order of a sort. */
export interface SortedField {
  /** Its place among the fields of the index. */
  readonly field: number;
  readonly direction: 1 | -1;
  /** Its place among the fields of the sort. */
  readonly place: number;
}

/**
 * The order in which an index gives the candidates: that of the sort, by these fields and then by ids; that of ids; or none
 * that is asked for, so that they are put in order first.
 */
export type PlannedOrder =
  | { readonly kind: "sort"; readonly fields: readonly SortedField[] }
  | { readonly kind: "ids" }
  | { readonly kind: "none" };

/** How a find is answered by an index. */
export interface PlannedFind<I extends PlannedIndex = PlannedIndex> {
  readonly index: I;
  /** The bounds of its first fields. Each document that matches has an entry within all of them. */
  readonly bounds: readonly FieldBound[];
  /** Whether each document with such an entry matches. */
  readonly exact: boolean;
  readonly order: PlannedOrder;
}

/** The best plan for a find by one of these indexes; undefined where none of them helps. */
export function planFind<I extends PlannedIndex>(
  { filter, sort }: Pick<FindQuery, "filter" | "sort">,
  indexes: readonly I[],
): PlannedFind<I> | undefined {
  if (indexes.length === 0) return undefined;
  const asked = conditionsOf(filter);
  let best: PlannedFind<I> | undefined;
  for (const index of indexes) {
    const plan = planBy(index, asked, sort);
    if (plan !== undefined && (best === undefined || worth(plan) > worth(best))) best = plan;
  }
  return best;
}

/** The keys of a place in a sort, by the fields of a plan; undefined where one of them is cut off. */
export function placeKeys(
  fields: readonly SortedField[],
  { values }: FindPosition,
): readonly Uint8Array[] | undefined {
  const keys = fields.map(({ place }) => sortKey(values[place]));
  // of lists and objects the kind is all of the order
  const isCut = keys.some(({ whole, bytes }) => !whole && bytes.length > 1);
  return isCut ? undefined : keys.map(({ bytes }) => bytes);
}

/** The conditions of a filter that hold all together, by path. */
interface Asked {
  readonly conditions: ReadonlyMap<string, readonly Operation[]>;
  /** Whether the filter asks for more than these. */
  readonly more: boolean;
}

type Operation = readonly [operator: string, operand: unknown];

function conditionsOf(filter: CheckedFilter): Asked {
  const conditions = new Map<string, Operation[]>();
  let more = false;
  const collect = (clauses: PlainObject): void => {
    for (const [key, value] of Object.entries(clauses)) {
      if (key === "$and" && Array.isArray(value)) value.forEach(collect);
      else if (key.startsWith("$") || key === "_id" || !isPlain(value)) more = true;
      else conditions.set(key, [...(conditions.get(key) ?? []), ...Object.entries(value)]);
    }
  };
  collect(filter);
  return { conditions, more };
}

function planBy<I extends PlannedIndex>(
  index: I,
  { conditions, more }: Asked,
  sort: Sort,
): PlannedFind<I> | undefined {
  const isSingle = index.shape === "single";
  const bounds: FieldBound[] = [];
  let left = conditions.size;
  let exact = isSingle && !more;
  for (const [path] of index.keys) {
    const found = boundOf(conditions.get(path) ?? [], isSingle);
    if (found === undefined) break;
    bounds.push(found.bound);
    left--;
    exact &&= found.exact;
    if (found.bound.kind === "range") break;
  }
  const order = orderOf(index, bounds, sort);
  if (bounds.length === 0 && order.kind !== "sort") return undefined;
  return { index, bounds, exact: exact && left === 0, order };
}

interface FoundBound {
  readonly bound: FieldBound;
  /** Whether the bound says all that the conditions do, of an index with one entry for each document. */
  readonly exact: boolean;
}

/** The most keys that a field is looked up by. */
const mostKeys = 1_000;

function boundOf(operations: readonly Operation[], isSingle: boolean): FoundBound | undefined {
  let range: FoundBound | undefined;
  let keys: FoundBound | undefined;
  for (const operation of operations) {
    keys ??= keysOf(operation);
    const next = rangeOf(operation);
    // two elements of a list may meet two conditions
    if (next !== undefined && (range === undefined || isSingle)) range = within(range, next);
  }
  const found = keys ?? range;
  if (found === undefined) return undefined;
  const said =
    keys === undefined ? operations.every((one) => rangeOf(one) !== undefined) : operations.length === 1;
  return { bound: found.bound, exact: found.exact && said };
}

/** The keys of the values that a condition of equality leaves. */
function keysOf([operator, operand]: Operation): FoundBound | undefined {
  if (operator === "$eq") return keysOfValues([operand], true);
  if (operator === "$in" && Array.isArray(operand)) return keysOfValues(operand, true);
  // the first of several says less than all of them
  if (operator === "$all" && Array.isArray(operand) && operand.length > 0)
    return keysOfValues(operand.slice(0, 1), operand.length === 1);
  return undefined;
}

function keysOfValues(values: readonly unknown[], exact: boolean): FoundBound | undefined {
  if (values.length > mostKeys) return undefined;
  const found = values.map(sortKey);
  const keys = new Map(found.map(({ bytes }) => [Buffer.from(bytes).toString("latin1"), bytes]));
  return {
    bound: { kind: "keys", keys: [...keys.values()] },
    exact: exact && found.every(({ whole }) => whole),
  };
}

type Range = Extract<FieldBound, { kind: "range" }>;
interface FoundRange extends FoundBound {
  readonly bound: Range;
}

function rangeOf([operator, operand]: Operation): FoundRange | undefined {
  const isFrom = operator === "$gt" || operator === "$gte";
  if (!isFrom && operator !== "$lt" && operator !== "$lte") return undefined;
  // NaN is greater and less than nothing, and equal to itself
  if (Number.isNaN(operand)) return undefined;
  const { from, end } = kindRange(operand);
  const { bytes: key, whole } = sortKey(operand);
  // others may have the same key where it is cut off
  const bound = { key, included: operator === "$gte" || operator === "$lte" || !whole };
  return {
    bound: {
      kind: "range",
      from: isFrom ? bound : { key: from, included: true },
      to: isFrom ? { key: end, included: false } : bound,
    },
    exact: whole,
  };
}

function within(a: FoundBound | undefined, b: FoundRange): FoundBound {
  if (a === undefined || a.bound.kind !== "range") return b;
  const from = tighter(a.bound.from, b.bound.from, 1);
  const to = tighter(a.bound.to, b.bound.to, -1);
  return { bound: { kind: "range", from, to }, exact: a.exact && b.exact };
}

function tighter(a: KeyEnd, b: KeyEnd, direction: 1 | -1): KeyEnd {
  const compared = Buffer.compare(a.key, b.key) * direction;
  if (compared !== 0) return compared > 0 ? a : b;
  return a.included ? b : a;
}

/** Whether the fields of an index, behind those that are bound to one key each, are those of the sort to the last. */
function orderOf({ keys, shape }: PlannedIndex, bounds: readonly FieldBound[], sort: Sort): PlannedOrder {
  const none: PlannedOrder = { kind: "none" };
  const firstOther = bounds.findIndex((bound) => bound.kind === "range" || bound.keys.length !== 1);
  const bound = firstOther === -1 ? bounds.length : firstOther;
  if (sort.length === 0) return shape !== "outside" && bound === keys.length ? { kind: "ids" } : none;
  if (shape !== "single" || bounds.some((one) => one.kind === "keys" && one.keys.length !== 1)) return none;
  const equal = new Set(keys.slice(0, bound).map(([path]) => path));
  const wanted = sort
    .map(([path, direction], place) => ({ path, direction, place }))
    .filter(({ path }) => !equal.has(path));
  const rest = keys.slice(bound);
  if (rest.length !== wanted.length) return none;
  const fields = wanted.map(({ direction, place }, i) => ({ field: bound + i, direction, place }));
  const turned = wanted.map(({ path, direction }, i) => (rest[i]?.[0] === path ? direction * rest[i][1] : 0));
  const isOrder = turned.every((way) => way !== 0 && way === turned[0]);
  return isOrder ? { kind: "sort", fields } : none;
}

function worth({ bounds, order, exact }: PlannedFind): number {
  const narrows = bounds.reduce((sum, { kind }) => sum + (kind === "keys" ? 8 : 4), 0);
  return narrows + (order.kind === "none" ? 0 : 6) + (exact ? 1 : 0);
}
