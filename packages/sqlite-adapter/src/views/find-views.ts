import {
  type CheckedFilter,
  countByScan,
  type FindQuery,
  findByScan,
  type SchemaRange,
  type View,
} from "@everdraft/core/adapter";
import { capabilities } from "../capabilities.ts";
import type { Steps } from "../engine/connection.ts";
import { behind, idRange } from "../id-range.ts";
import { idText } from "../id-text.ts";
import type { ViewReader } from "./view-reader.ts";

/** How many rows a scan reads before it lets others run. */
const pageSize = 200;

/** A page of the views that match: from their range of ids alone where that says all, else by a scan of that range. */
export async function findViews(
  reader: ViewReader,
  query: FindQuery,
  steps: Steps,
): Promise<readonly View[]> {
  const { filter, sort, after, limit, schema } = query;
  const range = idRange(filter);
  // without a sort documents come in the order of ids, so those given before need not be read again
  const ids = sort.length === 0 && after !== undefined ? behind(range, idText(after.id)) : range;
  if (!range.exact || sort.length > 0)
    return findByScan(() => reader.scan({ ids, schema }, pageSize, steps), query, capabilities.idKinds);
  const found: View[] = [];
  for await (const page of reader.scan({ ids, schema }, Math.min(limit, pageSize), steps)) {
    found.push(...page);
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}

/** How many views match: a count of the engine's own where their range of ids says all, else by a scan of that range. */
export async function countViews(
  reader: ViewReader,
  filter: CheckedFilter,
  schema: SchemaRange | undefined,
  steps: Steps,
): Promise<number> {
  const ids = idRange(filter);
  if (ids.exact) return steps.attempt(() => reader.count({ ids, schema }));
  return countByScan(() => reader.scan({ ids, schema }, pageSize, steps), filter);
}
