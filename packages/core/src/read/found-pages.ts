import type { DocumentId } from "../model/document-id.ts";
import type { ValueOrder } from "../model/sort-order.ts";
import { pace } from "../port/pace.ts";
import type { FindPosition, FindQuery, Sort } from "../port/view-store.ts";
import { createMatcher } from "../scan/filter-evaluator.ts";
import { type FindOrder, placesByScan, positionOf, type ScanViews } from "../scan/find-views.ts";
import type { PlainObject } from "../value/value.ts";

/** A candidate of an iteration: a view or a row, and its place when it was read. */
export interface Candidate<V> {
  readonly one: V;
  readonly position: FindPosition;
}

/** A view or a row, as far as its place in a find goes. */
export interface Placed {
  readonly id: DocumentId;
  readonly state: PlainObject | undefined;
  readonly schema?: number;
}

/** Some of the candidates, in order. */
export interface Part<V> {
  readonly found: AsyncIterable<Candidate<V>> | Iterable<Candidate<V>>;
  /** Nothing is behind it. */
  readonly isLast: boolean;
}

/** Reads behind a place, or from the first one: the order and the filter are those of the query. */
export type Candidates<V> = (query: FindQuery) => AsyncGenerator<Part<V>>;

const pageSize = 100;
// behind a sort a page costs a storage without indexes the whole collection
const sortedPageSize = 1_000;
/** How many a scan reads at once. */
const scanPageSize = 500;
/** How many places of a sort are kept: so many numbers and ids take some 20 MB. */
const mostPlaces = 100_000;
/** How many of them are read at once. */
const readTogether = 200;

/** One page after another, as the storage finds them: each begins behind the last one of the page before. */
export async function* foundPages<V extends Placed>(
  find: (query: FindQuery) => Promise<readonly V[]>,
  query: FindQuery,
  order: ValueOrder,
): AsyncGenerator<Part<V> & { readonly found: readonly Candidate<V>[] }> {
  const limit = Math.min(query.limit, query.sort.length > 0 ? sortedPageSize : pageSize);
  for (let { after } = query; ; await pace.turn()) {
    const found = await find({ ...query, limit, ...(after && { after }) });
    const page = found.map((one) => ({ one, position: positionOf(one, query.sort, order) }));
    const isLast = page.length < limit;
    yield { found: page, isLast };
    if (isLast) return;
    after = page.at(-1)?.position;
  }
}

/** The parts of a find, one candidate after another. */
export async function* inTurn<V>(parts: AsyncIterable<Part<V>>): AsyncGenerator<Candidate<V>> {
  // each further generator that a document passes through costs as much as decoding a part of it
  for await (const { found } of parts) for await (const candidate of found) yield candidate;
}

/** Reads all, whatever they hold, in the order of ids, in pages that begin behind one another. */
export async function* scanPages<V extends Placed>(
  find: (query: FindQuery) => Promise<readonly V[]>,
  query: FindQuery,
): AsyncGenerator<readonly V[]> {
  const limit = scanPageSize;
  for (let { after } = query; ; await pace.turn()) {
    const page = await find({ ...query, limit, ...(after && { after }) });
    yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < limit) return;
    after = positionOf(last, []);
  }
}

/** How the documents of a scan are read, and put in order. */
export interface Scanning<V extends Placed> {
  /** All from the first one, or behind an id. */
  readonly scan: (after: FindPosition | undefined) => ReturnType<ScanViews<V>>;
  /** Those with these ids, as they are now. */
  readonly read: (ids: readonly DocumentId[]) => Promise<readonly (V | undefined)[]>;
  readonly order: FindOrder;
  /** How many of them are read at once. Default 200. */
  readonly together?: number;
}

/** By a scan that evaluates the filter itself: in the order of ids as it goes, else by places that are kept. */
export function byScan<V extends Placed>(scanning: Scanning<V>): Candidates<V> {
  return async function* scanned(query) {
    if (query.sort.length === 0) yield { found: inOrderOfIds(scanning, query), isLast: true };
    else
      for await (const { places, end } of rounds(scanning, query))
        yield { found: atPlaces(scanning, query, places), isLast: end === undefined };
  };
}

async function* inOrderOfIds<V extends Placed>(
  { scan, order }: Scanning<V>,
  { filter, after }: FindQuery,
): AsyncGenerator<Candidate<V>> {
  const matches = createMatcher(filter, order.values);
  for await (const page of scan(after))
    for (const one of page)
      if (one.state !== undefined && matches(one.id, one.state)) yield { one, position: positionOf(one, []) };
}

/** A part of an order: the places of those that match, and the last one where others may be behind it. */
interface Round {
  readonly after: FindPosition | undefined;
  readonly places: readonly FindPosition[];
  readonly end: FindPosition | undefined;
}

/** The order of all that match, as far as places are kept at once. One scan for each part. */
export async function* rounds<V extends Placed>(
  { scan, order }: Scanning<V>,
  query: FindQuery,
): AsyncGenerator<Round> {
  const limit = Math.min(query.limit, mostPlaces);
  for (let { after } = query; ; ) {
    const behind = query.sort.length === 0 ? after : undefined;
    const places = await placesByScan<V>(
      () => scan(behind),
      { ...query, limit, ...(after && { after }) },
      order,
    );
    const end = places.length < limit ? undefined : places.at(-1);
    yield { after, places, end };
    if (end === undefined) return;
    after = end;
  }
}

/** The documents at these places now. One that has gone since, or does not match any more, is left out. */
export async function* atPlaces<V extends Placed>(
  { read, order, together = readTogether }: Omit<Scanning<V>, "scan">,
  { filter }: FindQuery,
  places: readonly FindPosition[],
): AsyncGenerator<Candidate<V>, void> {
  const matches = createMatcher(filter, order.values);
  for (let i = 0; i < places.length; i += together) {
    const some = places.slice(i, i + together);
    const found = await read(some.map(({ id }) => id));
    for (const [place, position] of some.entries()) {
      const one = found[place];
      if (one?.state !== undefined && matches(one.id, one.state)) yield { one, position };
    }
    await pace.turn();
  }
}

/** The sort that goes the other way. */
export function reversed(sort: Sort): Sort {
  return sort.map(([path, direction]) => [path, direction === 1 ? -1 : 1] as const);
}
