import { type CheckedFilter, compareIds, isPlain, type SchemaRange } from "@everdraft/core/adapter";
import { capabilities } from "./capabilities.ts";
import type { Bound } from "./engine/engine.ts";

/** An end of a range of ids. */
interface End {
  readonly id: string;
  readonly included: boolean;
}

/** The ids that a filter can match. */
export interface IdRange {
  /** Only these, in the order of ids; undefined where they are not listed. */
  readonly ids: readonly string[] | undefined;
  /** The lowest, where there is one; of no meaning beside `ids`. */
  readonly from: End | undefined;
  /** The highest, where there is one; of no meaning beside `ids`. */
  readonly to: End | undefined;
  /** Ids that are left out; of no meaning beside `ids`. */
  readonly not: readonly string[];
  /** Whether the range is the whole filter, so that every living document in it matches. */
  readonly exact: boolean;
}

const compare = (a: string, b: string): number => compareIds(a, b, capabilities.idKinds);

/**
 * The range that the top-level conditions on `_id` with texts ($eq, $ne, $in, $nin, $gt, $gte, $lt, $lte) leave to ids. Other
 * conditions are left out, which makes the range wider than the filter, never narrower.
 */
export function idRange(filter: CheckedFilter): IdRange {
  let range: IdRange = {
    ids: undefined,
    from: undefined,
    to: undefined,
    not: [],
    exact: Object.keys(filter).every((key) => key === "_id"),
  };
  for (const [operator, operand] of Object.entries(isPlain(filter._id) ? filter._id : {})) {
    range = narrowed(range, operator, operand) ?? { ...range, exact: false };
  }
  const { ids, from, to } = range;
  const not = new Set(range.not);
  return { ...range, ids: ids?.filter((id) => isAbove(id, from) && isBelow(id, to) && !not.has(id)) };
}

function narrowed(range: IdRange, operator: string, operand: unknown): IdRange | undefined {
  if (operator === "$in") return isStrings(operand) ? listed(range, operand) : undefined;
  if (operator === "$nin") return isStrings(operand) ? leftOut(range, operand) : undefined;
  if (typeof operand !== "string") return undefined;
  switch (operator) {
    case "$ne":
      return leftOut(range, [operand]);
    case "$eq":
      return listed(range, [operand]);
    case "$gt":
      return above(range, { id: operand, included: false });
    case "$gte":
      return above(range, { id: operand, included: true });
    case "$lt":
      return below(range, { id: operand, included: false });
    case "$lte":
      return below(range, { id: operand, included: true });
  }
  return undefined;
}

function listed(range: IdRange, list: readonly string[]): IdRange {
  const known = range.ids && new Set(range.ids);
  return { ...range, ids: [...new Set(list)].filter((id) => known?.has(id) ?? true).sort(compare) };
}

function leftOut(range: IdRange, list: readonly string[]): IdRange {
  return { ...range, not: [...range.not, ...list] };
}

function above(range: IdRange, end: End): IdRange {
  const { from } = range;
  if (from !== undefined && !isAbove(end.id, from)) return range;
  return { ...range, from: from?.id === end.id && !from.included ? from : end };
}

function below(range: IdRange, end: End): IdRange {
  const { to } = range;
  if (to !== undefined && !isBelow(end.id, to)) return range;
  return { ...range, to: to?.id === end.id && !to.included ? to : end };
}

function isAbove(id: string, end: End | undefined): boolean {
  if (end === undefined) return true;
  const compared = compare(id, end.id);
  return compared > 0 || (compared === 0 && end.included);
}

function isBelow(id: string, end: End | undefined): boolean {
  if (end === undefined) return true;
  const compared = compare(id, end.id);
  return compared < 0 || (compared === 0 && end.included);
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** The part of a range behind an id. */
export function behind(range: IdRange, after: string): IdRange {
  const end = { id: after, included: false };
  return { ...above(range, end), ids: range.ids?.filter((id) => isAbove(id, end)) };
}

/** The conditions of a range (for ids that are not listed) and of schema versions as SQL, and the values to bind. */
export function rangeSql(
  { from, to, not }: IdRange,
  schema: SchemaRange | undefined,
): {
  readonly where: string;
  readonly values: readonly Bound[];
} {
  const lowest = from && (from.included ? " AND id >= ?" : " AND id > ?");
  const highest = to && (to.included ? " AND id <= ?" : " AND id < ?");
  // one value for any number of ids
  const others = not.length === 0 ? "" : " AND id NOT IN (SELECT value FROM json_each(?))";
  const versions = schemaSql(schema);
  return {
    where: `state IS NOT NULL${lowest ?? ""}${highest ?? ""}${others}${versions.where}`,
    values: [
      ...[from, to].flatMap((end) => (end === undefined ? [] : [end.id])),
      ...(not.length === 0 ? [] : [JSON.stringify(not)]),
      ...versions.values,
    ],
  };
}

function schemaSql(schema: SchemaRange | undefined): ReturnType<typeof rangeSql> {
  if (schema === undefined) return { where: "", values: [] };
  const { from = 1, to = Number.MAX_SAFE_INTEGER, withoutHistory = false } = schema;
  // with the sign no index over schema versions is taken: views come in the order of ids
  const where = ` AND (+schema BETWEEN ? AND ?${withoutHistory ? " OR +schema = 0" : " AND +schema <> 0"})`;
  return { where, values: [from, to] };
}
