import type { DocumentId, IdKind } from "../model/document-id.ts";
import type { CheckedFilter } from "../model/filter.ts";
import { compareIds, compareValues, sortValue } from "../model/sort-order.ts";
import { createMatcher } from "./filter-evaluator.ts";
import type { View } from "./view.ts";
import type { FindPosition, FindQuery, Sort } from "./view-store.ts";

/** What a find looks at: a view, or a row. */
type Found = Pick<View, "state"> & { readonly id: DocumentId };

/** Where a view stands in a sort. */
export function positionOf(view: Found, sort: Sort): FindPosition {
  return {
    id: view.id,
    values: sort.map(([path, direction]) => sortValue({ _id: view.id, ...view.state }, path, direction)),
  };
}

/** Compares two places of a sort: by its fields, then by id. */
export function comparePositions(
  a: FindPosition,
  b: FindPosition,
  sort: Sort,
  kinds: readonly IdKind[],
): number {
  for (let i = 0; i < sort.length; i++) {
    const compared = compareValues(a.values[i], b.values[i]) * (sort[i] as Sort[number])[1];
    if (compared !== 0) return compared;
  }
  return compareIds(a.id, b.id, kinds);
}

/** Reads all living views (or all rows) in short pages, in the order of ids. */
export type ScanViews<V extends Found = View> = () => AsyncIterable<readonly V[]>;

/** Answers a find for a storage whose engine cannot: a scan of all views, of which at most a page is kept. */
export async function findByScan<V extends Found = View>(
  scan: ScanViews<V>,
  query: FindQuery,
  kinds: readonly IdKind[],
): Promise<readonly V[]> {
  const matches = createMatcher(query.filter);
  let found: { readonly view: V; readonly position: FindPosition }[] = [];
  for await (const page of scan()) {
    for (const view of page) {
      if (view.state === undefined || !matches(view.id, view.state)) continue;
      const position = positionOf(view, query.sort);
      if (query.after !== undefined && comparePositions(position, query.after, query.sort, kinds) <= 0)
        continue;
      found.push({ view, position });
    }
    // without a sort the scan is in order already, so the first page's worth is the answer
    if (query.sort.length === 0 && found.length >= query.limit) break;
    if (query.sort.length > 0 && found.length > query.limit * 2) found = best(found, query, kinds);
  }
  return best(found, query, kinds).map(({ view }) => view);
}

function best<F extends { readonly position: FindPosition }>(
  found: F[],
  query: FindQuery,
  kinds: readonly IdKind[],
): F[] {
  return found
    .sort((a, b) => comparePositions(a.position, b.position, query.sort, kinds))
    .slice(0, query.limit);
}

/** Answers a count by a scan. */
export async function countByScan<V extends Found = View>(
  scan: ScanViews<V>,
  filter: CheckedFilter,
): Promise<number> {
  const matches = createMatcher(filter);
  let count = 0;
  for await (const page of scan()) {
    for (const view of page) if (view.state !== undefined && matches(view.id, view.state)) count++;
  }
  return count;
}
