import {
  type CheckedFilter,
  countByScan,
  type FindPlan,
  type FindQuery,
  findByScan,
  type SchemaRange,
  type View,
} from "@everdraft/core/adapter";
import { capabilities } from "../capabilities.ts";
import type { Steps } from "../engine/connection.ts";
import { behind, type IdRange, idRange } from "../id-range.ts";
import { idText } from "../id-text.ts";
import { countByIndex, explainFind, findByIndex, type Searched } from "../indexes/find-by-index.ts";
import type { ViewReader } from "./view-reader.ts";

/** How many rows a scan reads at most before it lets others run. */
const pageSize = 200;

/** The views, and the indexes over them. */
export interface SearchedViews {
  readonly reader: ViewReader;
  readonly byIndex: Searched<View>;
}

/** A page of the views that match: by their ids alone where those say all, else by an index or a scan. */
export async function findViews(
  { reader, byIndex }: SearchedViews,
  query: FindQuery,
  steps: Steps,
): Promise<readonly View[]> {
  const { filter, schema } = query;
  // mostly all documents are of one schema version
  if (schema !== undefined && !(await steps.attempt(() => reader.some(schema)))) return [];
  const range = idRange(filter);
  const scan = (asked: FindQuery): Promise<readonly View[]> => scanViews(reader, asked, steps);
  return isByIds(range, query) ? scan(query) : findByIndex(byIndex, query, steps, scan);
}

/** Whether no index does better than the ids that a filter leaves. */
function isByIds({ exact, ids }: IdRange, { sort }: Pick<FindQuery, "sort">): boolean {
  return ids !== undefined || (exact && sort.length === 0);
}

/** A page by the ids that the filter leaves. */
async function scanViews(reader: ViewReader, query: FindQuery, steps: Steps): Promise<readonly View[]> {
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

/** How many views match: counted by the engine where their ids say all, else by an index or a scan. */
export async function countViews(
  { reader, byIndex }: SearchedViews,
  filter: CheckedFilter,
  schema: SchemaRange | undefined,
  steps: Steps,
): Promise<number> {
  if (schema !== undefined && !(await steps.attempt(() => reader.some(schema)))) return 0;
  const ids = idRange(filter);
  if (ids.exact) return steps.attempt(() => reader.count({ ids, schema }));
  const scan = (): Promise<number> =>
    countByScan(() => reader.scan({ ids, schema }, pageSize, steps), filter);
  return isByIds(ids, { sort: [] }) ? scan() : countByIndex(byIndex, { filter, schema }, steps, scan);
}

/** How a find of views is answered. Within a step. */
export function explainViews({ byIndex }: SearchedViews, query: FindQuery): FindPlan {
  const range = idRange(query.filter);
  if (!isByIds(range, query)) return explainFind(byIndex, query);
  // a sort of them is a scan of those that the ids leave
  if (query.sort.length > 0) return { kind: "scan" };
  const isNarrowed = range.ids !== undefined || range.from !== undefined || range.to !== undefined;
  return isNarrowed ? { kind: "index", name: "_id_" } : { kind: "scan" };
}
