import { hash } from "node:crypto";
import { type DocumentId, idKey } from "../model/document-id.ts";
import type { ValueOrder } from "../model/sort-order.ts";
import type { FindPosition, FindQuery } from "../port/view-store.ts";
import { compareSortKeys } from "../scan/find-views.ts";
import { type Candidate, type Candidates, type Placed, reversed } from "./found-pages.ts";

/** How many ids an iteration remembers, as 8 bytes of a hash each: about 50 MB. */
const mostIds = 1_000_000;

/** How many of the last ones are read at once: of some the schema may be newer, and those are passed by. */
const lastAtOnce = 100;

/**
 * Gives each document (or row) once, also one that moves forward in the order meanwhile: an edit in the loop may change
 * the value that is sorted by. Behind a million the ids are not remembered any more, and the iteration ends at the sort
 * key that was the last one when it began. A later document that the loop moves to before that key is given again.
 */
export async function* onceEach<V extends Placed>(
  candidates: Candidates<V>,
  query: FindQuery,
  order: ValueOrder,
  most: number = mostIds,
): AsyncGenerator<Candidate<V>> {
  const given = new Set<bigint>();
  const canGoOn = query.limit > most && query.sort.length > 0;
  let end: FindPosition | undefined;
  for await (const { found, isLast } of candidates(query)) {
    // asked for before the first one is given; where all is read at once nothing can come again
    if (canGoOn && !isLast) end ??= await lastKey(candidates, query);
    for await (const candidate of found) {
      const isFull = given.size >= most;
      if (isFull && end !== undefined && compareSortKeys(candidate.position, end, query.sort, order) > 0)
        return;
      const hashed = hashOf(candidate.one.id);
      if (given.has(hashed)) continue;
      if (!isFull) given.add(hashed);
      yield candidate;
    }
  }
}

/** The last sort key: nothing is behind it. */
async function lastKey<V extends Placed>(
  candidates: Candidates<V>,
  query: FindQuery,
): Promise<FindPosition | undefined> {
  const { after: _, ...whole } = query;
  const sort = reversed(query.sort);
  // of a list this takes the greatest element where the order itself takes the least: so nothing is behind it
  for await (const { found } of candidates({ ...whole, sort, limit: lastAtOnce }))
    for await (const { position } of found) return position;
  return undefined;
}

function hashOf(id: DocumentId): bigint {
  return hash("sha1", idKey(id), "buffer").readBigUInt64LE();
}
