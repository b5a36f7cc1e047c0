import type { DocumentId, IdKind } from "../model/document-id.ts";
import type { CheckedFilter } from "../model/filter.ts";
import { compareIds, plainOrder, sortValue, type ValueOrder } from "../model/sort-order.ts";
import type { View } from "../port/view.ts";
import type { FindPosition, FindQuery, SchemaRange, Sort } from "../port/view-store.ts";
import { createMatcher } from "./filter-evaluator.ts";
import { sortInPieces } from "./sort-in-pieces.ts";

/** A candidate of a find: a view, or a row (which has no schema version). */
type Found = Pick<View, "state"> & { readonly id: DocumentId; readonly schema?: number };

/** Where a view stands in a sort. */
export function positionOf(view: Found, sort: Sort, values: ValueOrder = plainOrder): FindPosition {
  if (sort.length === 0) return { id: view.id, values: [] };
  const { id, state = {} } = view;
  return {
    id,
    values: sort.map(([path, direction]) =>
      path === "_id" ? id : sortValue(state, path, direction, values),
    ),
  };
}

/** How a storage orders the documents that it finds. */
export interface FindOrder {
  /** The kinds of id, in their order. */
  readonly kinds: readonly IdKind[];
  /** The order of values. */
  readonly values: ValueOrder;
}

/** Compares two places of a sort: by its fields, then by id. */
export function comparePositions(
  a: FindPosition,
  b: FindPosition,
  sort: Sort,
  { kinds, values }: FindOrder,
): number {
  return compareSortKeys(a, b, sort, values) || compareIds(a.id, b.id, kinds);
}

/** Compares two places of a sort by its fields alone. */
export function compareSortKeys(
  a: FindPosition,
  b: FindPosition,
  sort: Sort,
  { compare }: ValueOrder,
): number {
  for (const [i, [, direction]] of sort.entries()) {
    const compared = compare(a.values[i], b.values[i]) * direction;
    if (compared !== 0) return compared;
  }
  return 0;
}

/** Reads all living views (or all rows) in short pages, in the order of ids. */
export type ScanViews<V extends Found = View> = () => AsyncIterable<readonly V[]>;

/** Answers a find for a storage whose engine cannot: a scan of all views, of which at most a page is kept. */
export async function findByScan<V extends Found = View>(
  scan: ScanViews<V>,
  query: FindQuery,
  kinds: readonly IdKind[],
): Promise<readonly V[]> {
  const order = { kinds, values: plainOrder };
  return (await bestOf(scan, query, order, (view) => view)).map(({ kept }) => kept);
}

/** As `findByScan`, but keeps and gives only where the views stand, so that a page may be long. */
export async function placesByScan<V extends Found = View>(
  scan: ScanViews<V>,
  query: FindQuery,
  order: FindOrder,
): Promise<readonly FindPosition[]> {
  return (await bestOf(scan, query, order, () => undefined)).map(({ position }) => position);
}

interface Place<K> {
  readonly position: FindPosition;
  readonly kept: K;
}

async function bestOf<V extends Found, K>(
  scan: ScanViews<V>,
  query: FindQuery,
  order: FindOrder,
  keep: (view: V) => K,
): Promise<readonly Place<K>[]> {
  const { sort, after, limit, schema } = query;
  const matches = createMatcher(query.filter, order.values);
  const cut = async (places: Place<K>[]): Promise<Place<K>[]> =>
    (await sortInPieces(places, (a, b) => comparePositions(a.position, b.position, sort, order))).slice(
      0,
      limit,
    );
  let found: Place<K>[] = [];
  for await (const page of scan()) {
    for (const view of page) {
      if (view.state === undefined || !isOfSchema(view, schema) || !matches(view.id, view.state)) continue;
      const position = positionOf(view, sort, order.values);
      if (after !== undefined && comparePositions(position, after, sort, order) <= 0) continue;
      found.push({ position, kept: keep(view) });
    }
    // without a sort the scan is in order already, so the first page's worth is the answer
    if (sort.length === 0 && found.length >= limit) break;
    if (sort.length > 0 && found.length > limit * 2) found = await cut(found);
  }
  return cut(found);
}

/** Answers a count by a scan. */
export async function countByScan<V extends Found = View>(
  scan: ScanViews<V>,
  filter: CheckedFilter,
  schema?: SchemaRange,
): Promise<number> {
  const matches = createMatcher(filter);
  let count = 0;
  for await (const page of scan()) {
    for (const view of page)
      if (view.state !== undefined && isOfSchema(view, schema) && matches(view.id, view.state)) count++;
  }
  return count;
}

/** Whether a view is among those of a range of schema versions. One without history has schema version 0. */
export function isOfSchema({ schema }: Pick<Found, "schema">, range: SchemaRange | undefined): boolean {
  if (range === undefined || schema === undefined) return true;
  const { from = 1, to = Number.POSITIVE_INFINITY, withoutHistory = false } = range;
  return schema === 0 ? withoutHistory : schema >= from && schema <= to;
}
