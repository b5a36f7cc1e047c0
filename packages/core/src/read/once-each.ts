import { hash } from "node:crypto";
import { type DocumentId, idKey } from "../model/document-id.ts";
import type { ValueOrder } from "../model/sort-order.ts";
import type { FindPosition, FindQuery } from "../port/view-store.ts";
import { compareSortKeys } from "../scan/find-views.ts";
import { type Candidate, type Candidates, type Placed, reversed } from "./found-pages.ts";

/** How many ids an iteration remembers, as 8 bytes of a hash each: about 50 MB. */
const mostIds = 1_000_000;

/**
 * Gives each document (or row) once, also one that moves forward in the order meanwhile: an edit in the loop may change
 * the value that is sorted by. Behind a million the ids are not remembered any more, and the iteration ends at the sort
 * key that is the last one then. A later document that moves forward, but not behind that key, is given again.
 */
export async function* onceEach<V extends Placed>(
  candidates: Candidates<V>,
  query: FindQuery,
  order: ValueOrder,
  most: number = mostIds,
): AsyncGenerator<Candidate<V>> {
  const given = new Set<bigint>();
  let end: FindPosition | undefined;
  for await (const candidate of candidates(query)) {
    if (end !== undefined && compareSortKeys(candidate.position, end, query.sort, order) > 0) return;
    const key = hashOf(candidate.one.id);
    if (given.has(key)) continue;
    if (given.size < most) given.add(key);
    else end ??= await lastKey(candidates, query);
    yield candidate;
  }
}

/** A sort key behind which there is nothing now. */
async function lastKey<V extends Placed>(
  candidates: Candidates<V>,
  query: FindQuery,
): Promise<FindPosition | undefined> {
  const { after: _, ...whole } = query;
  const sort = reversed(query.sort);
  // of a list this takes the greatest element where the order itself takes the least: so nothing is behind it
  for await (const { position } of candidates({ ...whole, sort, limit: 1 })) return position;
  return undefined;
}

function hashOf(id: DocumentId): bigint {
  return hash("sha1", idKey(id), "buffer").readBigUInt64LE();
}
