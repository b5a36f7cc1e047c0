import { type CheckedFilter, compareIds, isPlain } from "@everdraft/core/adapter";
import { capabilities } from "./capabilities.ts";
import type { Bound } from "./database.ts";

/** Which ids a filter can match. */
export interface IdRange {
  /** Only these, in the order of ids; undefined where they are not listed. */
  readonly ids: readonly string[] | undefined;
  /** Conditions in SQL on the column `id`, to be joined by AND, and what they bind; for ids that are not listed. */
  readonly conditions: readonly string[];
  readonly values: readonly Bound[];
  /** Whether the range is the whole filter, so that every living document in it matches. */
  readonly exact: boolean;
}

/** The operators on `_id` that SQLite answers as the library does, for strings. */
const comparisons: ReadonlyMap<string, readonly [sql: string, holds: (compared: number) => boolean]> =
  new Map([
    ["$gt", ["id > ?", (compared) => compared > 0]],
    ["$gte", ["id >= ?", (compared) => compared >= 0]],
    ["$lt", ["id < ?", (compared) => compared < 0]],
    ["$lte", ["id <= ?", (compared) => compared <= 0]],
  ]);

const compare = (a: string, b: string): number => compareIds(a, b, capabilities.idKinds);

/** What the top-level conditions on `_id` say about ids. Conditions that it leaves out make it wider than the filter, never narrower. */
export function idRange(filter: CheckedFilter): IdRange {
  const conditions: string[] = [];
  const values: string[] = [];
  const tests: ((id: string) => boolean)[] = [];
  let lists: (readonly string[])[] = [];
  let exact = Object.keys(filter).every((key) => key === "_id");
  for (const [operator, operand] of Object.entries(isPlain(filter._id) ? filter._id : {})) {
    const comparison = comparisons.get(operator);
    if (comparison !== undefined && typeof operand === "string") {
      const [sql, holds] = comparison;
      conditions.push(sql);
      values.push(operand);
      tests.push((id) => holds(compare(id, operand)));
    } else if (operator === "$eq" && typeof operand === "string") {
      lists = [...lists, [operand]];
    } else if (operator === "$in" && isStrings(operand)) {
      lists = [...lists, operand];
    } else exact = false;
  }
  const [first, ...others] = lists;
  const ids =
    first &&
    [...new Set(first)]
      .filter((id) => others.every((list) => list.includes(id)) && tests.every((holds) => holds(id)))
      .sort(compare);
  return { ids, conditions, values, exact };
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** The part of a range behind an id. */
export function behind(range: IdRange, after: string | undefined): IdRange {
  if (after === undefined) return range;
  return {
    ...range,
    ids: range.ids?.filter((id) => compare(id, after) > 0),
    conditions: [...range.conditions, "id > ?"],
    values: [...range.values, after],
  };
}
