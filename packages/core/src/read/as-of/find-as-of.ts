import type { DocumentId } from "../../model/document-id.ts";
import type { CheckedFilter } from "../../model/filter.ts";
import type { View } from "../../port/view.ts";
import type { FindPosition, FindQuery } from "../../port/view-store.ts";
import { createMatcher } from "../../scan/filter-evaluator.ts";
import { comparePositions } from "../../scan/find-views.ts";
import { isPlain } from "../../value/value.ts";
import type { Candidate } from "../found-pages.ts";
import { countViews, findViews, idsOf, inOrder } from "../found-views.ts";
import { changedPlaces } from "./changed-places.ts";
import { changedSince } from "./changed-since.ts";
import { type DatedSearch, datedViews, inPages } from "./dated-views.ts";

/*
 * A view whose document has no event after a date holds the state at that date: such documents are found as `find` finds
 * them. The documents that have an event after the date are replayed. Views are read first, and the events after
 * them: so no document that changes meanwhile is missed. None comes twice, since a state at a date has one place in an order.
 */

/** How many views are read between two looks at the events after the date. */
const windows = { first: 100, most: 1_000 };
/** How many ids a count leaves out by its filter. */
const mostExcluded = 10_000;
/** How often a count is tried while others change further documents. */
const mostCounts = 5;

/** The documents that matched at the date, in the store's schema and in order, each once. */
export async function* findAsOf(search: DatedSearch, query: FindQuery): AsyncGenerator<Candidate<View>> {
  const { order } = search.resources;
  const compare = (a: FindPosition, b: FindPosition): number => comparePositions(a, b, query.sort, order);
  const changed = changedPlaces(search, query);
  const found = findViews(search, query);
  try {
    for (let size = Math.min(query.limit, windows.first); ; size = Math.min(2 * size, windows.most)) {
      const some = await take(found, size);
      await changed.look();
      const end = some.length < size ? undefined : some.at(-1)?.position;
      const unchanged = some.filter(({ one }) => one.version > 0 && !changed.has(one.id));
      yield* inOrder(unchanged, changed.upTo(end), undefined, compare);
      if (end === undefined) return;
    }
  } finally {
    await found.return(undefined);
  }
}

async function take<V>(list: AsyncGenerator<V>, count: number): Promise<V[]> {
  const taken: V[] = [];
  while (taken.length < count) {
    const next = await list.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}

/** How many documents matched at the date. */
export async function countAsOf(search: DatedSearch, filter: CheckedFilter): Promise<number> {
  const { resources, date, deadline } = search;
  const changed = changedSince(resources, date, deadline);
  await changed.look();
  for (let i = 0; i < mostCounts; i++) {
    const left = changed.all();
    if (left.length > mostExcluded) break;
    const unchanged = await countViews(search, without(filter, left));
    // one that has changed meanwhile may have been counted, or not
    if ((await changed.look()).length === 0) return unchanged + (await countChanged(search, filter, left));
  }
  return countOneByOne(search, filter);
}

/** The filter for all but some documents. One of nothing but ids stays so: a storage may answer it by its keys. */
function without(filter: CheckedFilter, ids: readonly DocumentId[]): CheckedFilter {
  if (ids.length === 0) return filter;
  const asked = isPlain(filter._id) ? filter._id : {};
  const isOfIds = Object.keys(filter).every((key) => key === "_id") && !("$nin" in asked);
  return isOfIds ? { _id: { ...asked, $nin: ids } } : { $and: [filter, { _id: { $nin: ids } }] };
}

async function countChanged(
  search: DatedSearch,
  filter: CheckedFilter,
  ids: readonly DocumentId[],
): Promise<number> {
  const { values } = search.resources.order;
  const isAsked = createMatcher(idsOf(filter), values);
  const matches = createMatcher(filter, values);
  const asked = ids.filter((id) => isAsked(id, {}));
  let count = 0;
  for await (const page of inPages(datedViews(search), asked))
    for (const one of page) if (one?.state !== undefined && matches(one.id, one.state)) count++;
  return count;
}

async function countOneByOne(search: DatedSearch, filter: CheckedFilter): Promise<number> {
  const whole = { filter, sort: [], limit: Number.POSITIVE_INFINITY };
  // migrations may need any field
  const query = search.resources.schema.version === 1 ? { ...whole, select: [] } : whole;
  let count = 0;
  for await (const _ of findAsOf(search, query)) count++;
  return count;
}
