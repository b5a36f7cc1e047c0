import {
  type CheckedFilter,
  countByScan,
  createMatcher,
  type DocumentId,
  type FindPlan,
  type FindQuery,
  findByScan,
  type IdKind,
  isOfSchema,
  type PlainObject,
  placeKeys,
  positionOf,
  type SchemaRange,
  type SortedField,
} from "@everdraft/core/adapter";
import type { Steps } from "../engine/connection.ts";
import type { Database } from "../engine/database.ts";
import { piece } from "../engine/piece.ts";
import type { Candidate, Candidates } from "./candidates.ts";

/** A view or a row. */
interface Found {
  readonly id: DocumentId;
  readonly state: PlainObject | undefined;
  readonly schema?: number;
}

/** Documents or rows that are found by indexes. */
export interface Searched<V extends Found> {
  readonly database: Database;
  readonly candidatesOf: (query: FindQuery, behind?: Candidate) => Candidates | undefined;
  /** The documents or rows with these ids, where they are of these schema versions, in the order of the ids. Within a step. */
  readonly read: (ids: readonly string[], schema: SchemaRange | undefined) => readonly V[];
  readonly kinds: readonly IdKind[];
}

/** How many candidates are looked up at once. */
const pageSize = 200;

/** How a find is answered now. Within a step. */
export function explainFind<V extends Found>(
  { database, candidatesOf }: Searched<V>,
  query: FindQuery,
): FindPlan {
  const found = database.reading(() => candidatesOf(query));
  return found === undefined ? { kind: "scan" } : { kind: "index", name: found.plan.index.name };
}

/** Candidates that were read together, of which all are behind those before. */
interface Page<V> {
  readonly found: readonly V[];
  readonly isLast: boolean;
  /** Whether they are in the order that is asked for. */
  readonly isSorted: boolean;
  /** The last candidate. */
  readonly last: Candidate | undefined;
}

/** Entries and documents as they are at one moment; undefined where no index helps. Within a step. */
function readPage<V extends Found>(
  { database, candidatesOf, read }: Searched<V>,
  query: FindQuery,
  { size, behind, schema }: PageRange,
): Page<V> | undefined {
  return database.reading(() => {
    const candidates = candidatesOf(query, behind);
    if (candidates === undefined) return undefined;
    const all = candidates.page(size);
    const { order } = candidates.plan;
    const { made, isLast } = piece(growing(all), (part) => ({
      part,
      read: read(
        part.map(({ id }) => id),
        schema,
      ),
    }));
    const page = made.flatMap(({ part }) => part);
    const found = made.flatMap(({ read }) => read);
    return {
      found: order.kind === "sort" ? found.filter(hasItsEntry(page, order.fields, query)) : found,
      isLast: isLast && page.length < size,
      isSorted: query.sort.length === 0 || order.kind === "sort",
      last: page.at(-1),
    };
  });
}

/** A list in parts, each twice as long as the one before: reading one takes about as long as all those before it. */
function* growing<V>(list: readonly V[]): Generator<readonly V[]> {
  for (let [from, size] = [0, 1]; from < list.length; from += size, size *= 2)
    yield list.slice(from, from + size);
}

interface PageRange {
  readonly size: number;
  /** The last candidate of the page before. */
  readonly behind?: Candidate | undefined;
  /** Only documents of these schema versions are read. */
  readonly schema?: SchemaRange | undefined;
}

/**
 * Whether a document stands in the order where its entry does. One that another program changed may not: at its entry's
 * place it would lead the next page astray.
 */
function hasItsEntry(
  page: readonly Candidate[],
  fields: readonly SortedField[],
  { sort }: FindQuery,
): (one: Found) => boolean {
  const keysOf = new Map(page.map(({ id, keys }) => [id, keys]));
  return (one) => {
    const [entry, own] = [keysOf.get(String(one.id)), placeKeys(fields, positionOf(one, sort))];
    return own?.every((key, i) => Buffer.compare(key, entry?.[i] ?? key) === 0) ?? false;
  };
}

/** Answers by other means. */
type Otherwise<R> = (query: FindQuery) => Promise<R>;

/** A page of those that match, by an index where one helps, else `otherwise`. The answer is the same. */
export async function findByIndex<V extends Found>(
  searched: Searched<V>,
  query: FindQuery,
  steps: Steps,
  otherwise: Otherwise<readonly V[]>,
): Promise<readonly V[]> {
  const { limit, sort, schema } = query;
  const matches = createMatcher(query.filter);
  const found: V[] = [];
  let rest = query;
  let behind: Candidate | undefined;
  for (let size = Math.min(limit, pageSize); ; size = pageSize) {
    const page = await steps.attempt(() => readPage(searched, rest, { size, behind }));
    if (page === undefined) return [...found, ...(await otherwise(rest))];
    if (!page.isSorted) return [...found, ...(await findInOrder(searched, rest, steps, otherwise))];
    for (const one of page.found) {
      if (found.length === limit) break;
      if (one.state !== undefined && isOfSchema(one, schema) && matches(one.id, one.state)) found.push(one);
    }
    if (page.isLast || found.length === limit) return found;
    const last = page.found.at(-1);
    rest = { ...rest, limit: limit - found.length, ...(last && { after: positionOf(last, sort) }) };
    behind = page.last;
    await steps.pause();
  }
}

/** Those that match in the order of a sort that no index gives: all candidates are looked at, and no more kept than the answer. */
async function findInOrder<V extends Found>(
  searched: Searched<V>,
  query: FindQuery,
  steps: Steps,
  otherwise: Otherwise<readonly V[]>,
): Promise<readonly V[]> {
  const all = scanOf(searched, query.filter, steps);
  const found = await findByScan<V>(() => all.pages(), query, searched.kinds);
  return all.isWhole() ? found : otherwise(query);
}

/** All candidates in the order of ids, in pages. They are not all of them where no index helps any more. */
function scanOf<V extends Found>(
  searched: Searched<V>,
  filter: CheckedFilter,
  steps: Steps,
  only?: SchemaRange,
): { pages(): AsyncGenerator<readonly V[]>; isWhole(): boolean } {
  let whole = true;
  return {
    isWhole: () => whole,
    pages: async function* () {
      const query: FindQuery = { filter, sort: [], limit: pageSize };
      let behind: Candidate | undefined;
      for (; ; await steps.pause()) {
        const range = { size: pageSize, schema: only, behind };
        const page = await steps.attempt(() => readPage(searched, query, range));
        whole = page !== undefined;
        if (page === undefined) return;
        yield page.found;
        if (page.isLast || page.last === undefined) return;
        behind = page.last;
      }
    },
  };
}

/** How many match, by an index where one helps, else `otherwise`. */
export async function countByIndex<V extends Found>(
  searched: Searched<V>,
  { filter, schema }: { readonly filter: CheckedFilter; readonly schema?: SchemaRange | undefined },
  steps: Steps,
  otherwise: () => Promise<number>,
): Promise<number> {
  const { database, candidatesOf } = searched;
  const exact = await steps.attempt(() =>
    database.reading(() => {
      const found = candidatesOf({ filter, sort: [], limit: 0 });
      return found?.plan.exact === true && schema === undefined ? found.count() : undefined;
    }),
  );
  if (exact !== undefined) return exact;
  const all = scanOf(searched, filter, steps, schema);
  const count = await countByScan<V>(() => all.pages(), filter, schema);
  return all.isWhole() ? count : otherwise();
}
