import type { Resources } from "../context/resources.ts";
import type { CheckedFilter } from "../model/filter.ts";
import type { Deadline } from "../port/deadline.ts";
import type { View } from "../port/view.ts";
import type { FindPosition, FindQuery, SchemaRange } from "../port/view-store.ts";
import { createMatcher } from "../scan/filter-evaluator.ts";
import { comparePositions } from "../scan/find-views.ts";
import { planOf } from "./explain.ts";
import {
  atPlaces,
  byScan,
  type Candidate,
  type Candidates,
  foundPages,
  inTurn,
  type Part,
  rounds,
  type Scanning,
  scanPages,
} from "./found-pages.ts";
import { type FoundIn, intactViews } from "./intact-views.ts";
import { onceEach } from "./once-each.ts";
import { type InSchema, newerThan, type OnNewer, olderThan } from "./other-schemas.ts";

/*
 * Views are found by the storage's engine where all of them have the store's schema, and where only ids are asked for. Those
 * of an older schema, and all views where neither an engine nor an index finds them, are read and looked at one by one,
 * after they were migrated.
 */

/** A search for views: where they are, and which a call takes. */
export interface Search {
  readonly resources: Resources;
  readonly views: FoundIn;
  readonly onNewer: OnNewer | undefined;
  /** Brings each of them to the store's schema. */
  readonly inSchema: InSchema;
  readonly deadline: Deadline;
  /**
   * The date of a search in past states, in milliseconds. A view with a later event is another document then, and one without
   * a history none, so their schemas do not matter. Of a find both may be given all the same; a count leaves out the second.
   */
  readonly date?: number;
}

/** The search as it is carried out. */
function findingOf(search: Search): Search {
  const { resources, views, inSchema, date } = search;
  const intact = { ...search, views: intactViews(resources, views) };
  if (date === undefined) return intact;
  return { ...intact, inSchema: (view) => (isOfDate(view, date) ? inSchema(view) : undefined) };
}

function isOfDate({ version, at }: View, date: number): boolean {
  return version > 0 && at <= date;
}

/** The views that match, in the store's schema and in order, each at most once. */
export function findViews(search: Search, query: FindQuery): AsyncGenerator<Candidate<View>> {
  const { resources } = search;
  const finding = findingOf(search);
  const candidates = candidatesOf(finding);
  // in the order of ids none can come twice, unless it is looked for in two ways
  const isScan = resources.scans && search.views.explain === undefined;
  const inOneWay = isScan || resources.schema.version === 1 || asksIdsAlone(query.filter);
  const isOnce = query.sort.length === 0 && inOneWay;
  return isOnce ? inTurn(candidates(query)) : onceEach(candidates, query, resources.order.values);
}

/** How many views match. */
export async function countViews(search: Search, filter: CheckedFilter): Promise<number> {
  const finding = findingOf(search);
  const { resources, views, onNewer, deadline, date } = finding;
  const { version } = resources.schema;
  const byIds = asksIdsAlone(filter);
  if (resources.scans && !byIds) {
    const plan = await planOf(views, { filter, sort: [], limit: 0 }, deadline);
    if (plan.kind === "scan") return countScanned(finding, filter, undefined);
  }
  const asked = onNewer === "refuse" ? idsOf(filter) : filter;
  const [all, newer, older, nobodys] = await Promise.all([
    views.count(filter, deadline.call()),
    views.count(asked, deadline.call(), newerThan(version)),
    byIds || version === 1 ? undefined : firstOf(finding, filter, olderThan(version)),
    date === undefined ? 0 : views.count(filter, deadline.call(), { to: 0, withoutHistory: true }),
  ]);
  if (newer > 0) await tellNewer(finding, asked);
  if (newer === 0 && older === undefined) return all - nobodys;
  const from = byIds ? {} : { from: version };
  const range = { ...from, to: version, withoutHistory: true };
  const current = (await views.count(filter, deadline.call(), range)) - nobodys;
  return older === undefined ? current : current + (await countScanned(finding, filter, olderThan(version)));
}

function candidatesOf(finding: Search): Candidates<View> {
  const { resources, views, onNewer, deadline } = finding;
  const { version } = resources.schema;
  const find = (query: FindQuery): Promise<readonly View[]> => views.find(query, deadline.call());
  return async function* candidates(query) {
    const { filter, sort } = query;
    const byIds = asksIdsAlone(filter) && sort.every(([path]) => path === "_id");
    const byEngine = !resources.scans || (byIds && sort.length === 0);
    if (!byEngine && (await planOf(views, query, deadline)).kind === "scan") {
      yield* byScan(scanningOf(finding, filter, undefined))(query);
      return;
    }
    if (!byIds && onNewer === "refuse") await tellNewer(finding, idsOf(filter));
    const older = byIds || version === 1 ? undefined : await firstOf(finding, filter, olderThan(version));
    if (older !== undefined) yield* withOlder(finding, find, query);
    else {
      for await (const { found, isLast } of foundPages(find, query, resources.order.values))
        yield { found: found.filter((candidate) => isKnown(finding, candidate)), isLast };
    }
  };
}

/** Those that the engine finds among the views of the store's schema, and those found by a scan of the older ones. */
async function* withOlder(
  finding: Search,
  find: (query: FindQuery) => Promise<readonly View[]>,
  query: FindQuery,
): AsyncGenerator<Part<View>> {
  const { resources } = finding;
  const { version } = resources.schema;
  const scanning = scanningOf(finding, query.filter, olderThan(version));
  const compare = (a: FindPosition, b: FindPosition): number =>
    comparePositions(a, b, query.sort, resources.order);
  // a document that is brought up meanwhile may be met twice, by the scan and by the engine; but never missed, since the
  // engine is asked later
  for await (const { after, places, end } of rounds(scanning, query)) {
    const { after: _, ...rest } = query;
    const schema = { from: version, withoutHistory: true };
    const pages = foundPages(find, { ...rest, schema, ...(after && { after }) }, resources.order.values);
    const first = await pages.next();
    const current = knownOf(finding, first.done === true ? [] : first.value.found, pages);
    const isLast = end === undefined && (first.done === true || first.value.isLast);
    yield { found: inOrder(current, atPlaces(scanning, query, places), end, compare), isLast };
  }
}

/** Two lists in one order, up to a place. */
export async function* inOrder<V>(
  current: AsyncIterable<Candidate<V>> | Iterable<Candidate<V>>,
  older: AsyncGenerator<Candidate<V>, void>,
  end: FindPosition | undefined,
  compare: (a: FindPosition, b: FindPosition) => number,
): AsyncGenerator<Candidate<V>, void> {
  let next = await older.next();
  for await (const candidate of current) {
    if (end !== undefined && compare(candidate.position, end) > 0) break;
    for (
      ;
      next.done !== true && compare(next.value.position, candidate.position) < 0;
      next = await older.next()
    )
      yield next.value;
    yield candidate;
  }
  for (; next.done !== true; next = await older.next()) yield next.value;
}

/**
 * The views that the engine found. One may be older where ids alone were asked for; it is migrated when it is handed out.
 */
async function* knownOf(
  finding: Search,
  first: readonly Candidate<View>[],
  others: AsyncIterable<{ readonly found: readonly Candidate<View>[] }>,
): AsyncGenerator<Candidate<View>> {
  for (const candidate of first) if (isKnown(finding, candidate)) yield candidate;
  for await (const { found } of others)
    for (const candidate of found) if (isKnown(finding, candidate)) yield candidate;
}

function isKnown({ resources, inSchema }: Search, { one }: Candidate<View>): boolean {
  return one.schema <= resources.schema.version || inSchema(one) !== undefined;
}

/** The views that a filter's ids leave, read one by one and brought to the store's schema. */
function scanningOf(
  { resources, views, inSchema, deadline }: Search,
  filter: CheckedFilter,
  schema: SchemaRange | undefined,
): Scanning<View> {
  const query = { filter: idsOf(filter), sort: [], limit: 1, ...(schema && { schema }) };
  return {
    order: resources.order,
    scan: async function* (after) {
      const behind = after && { after: { id: after.id, values: [] } };
      for await (const page of scanPages((asked) => views.find(asked, deadline.call()), {
        ...query,
        ...behind,
      }))
        yield page.flatMap((view) => inSchema(view) ?? []);
    },
    read: async (ids) => (await views.get(ids, deadline.call())).map((view) => view && inSchema(view)),
  };
}

async function countScanned(
  finding: Search,
  filter: CheckedFilter,
  schema: SchemaRange | undefined,
): Promise<number> {
  const matches = createMatcher(filter, finding.resources.order.values);
  let count = 0;
  for await (const page of scanningOf(finding, filter, schema).scan(undefined))
    for (const { id, state } of page) if (state !== undefined && matches(id, state)) count++;
  return count;
}

/** Tells of a newer view, or throws SchemaTooNewError, where there is one among these. */
async function tellNewer(search: Search, filter: CheckedFilter): Promise<void> {
  const { resources, views, inSchema, deadline, date } = search;
  const schema = newerThan(resources.schema.version);
  if (date === undefined) {
    const newer = await firstOf(search, filter, schema);
    if (newer !== undefined) inSchema(newer);
    return;
  }
  const query = { filter: idsOf(filter), sort: [], limit: 1, select: [], schema };
  for await (const page of scanPages((asked) => views.find(asked, deadline.call()), query)) {
    const newer = page.find((view) => isOfDate(view, date));
    if (newer !== undefined) return void inSchema(newer);
  }
}

/** One of the views of some schema versions, of those that a filter's ids leave. */
async function firstOf(
  { views, deadline }: Search,
  filter: CheckedFilter,
  schema: SchemaRange,
): Promise<View | undefined> {
  const query = { filter: idsOf(filter), sort: [], limit: 1, select: [], schema };
  return (await views.find(query, deadline.call()))[0];
}

/** The part of a filter that is about ids alone: it leaves more documents than the filter, never fewer. */
export function idsOf(filter: CheckedFilter): CheckedFilter {
  return filter._id === undefined ? {} : { _id: filter._id };
}

function asksIdsAlone(filter: CheckedFilter): boolean {
  return Object.keys(filter).every((key) => key === "_id");
}
