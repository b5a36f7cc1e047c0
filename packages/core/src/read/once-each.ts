import { hash } from "node:crypto";
import { type DocumentId, idKey } from "../model/document-id.ts";
import type { ValueOrder } from "../model/sort-order.ts";
import type { FindPosition, FindQuery } from "../port/view-store.ts";
import { compareSortKeys } from "../scan/find-views.ts";
import { type Candidate, type Candidates, type Placed, reversed } from "./found-pages.ts";

/** How many ids an iteration remembers, as 8 bytes of a hash each: about 50 MB. */
const mostIds = 1_000_000;
/** The part of them after which the last key is asked for: shorter iterations do not pay for it. */
const untilLastKey = 0.1;

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
  const isGiven = ({ one }: Candidate<V>): boolean => given.has(hashOf(one.id));
  const asksAt = Math.floor(most * untilLastKey);
  let end: FindPosition | undefined;
  for await (const candidate of candidates(query)) {
    const isFull = given.size >= most;
    if (isFull && end !== undefined && compareSortKeys(candidate.position, end, query.sort, order) > 0)
      return;
    if (isGiven(candidate)) continue;
    if (given.size === asksAt) end ??= await lastKey(candidates, query, isGiven);
    if (!isFull) given.add(hashOf(candidate.one.id));
    yield candidate;
  }
}

/** The sort key behind which nothing is still to be given. Documents that the loop has moved there do not count. */
async function lastKey<V extends Placed>(
  candidates: Candidates<V>,
  query: FindQuery,
  isGiven: (candidate: Candidate<V>) => boolean,
): Promise<FindPosition | undefined> {
  const { after: _, ...whole } = query;
  const sort = reversed(query.sort);
  // of a list this takes the greatest element where the order itself takes the least: so nothing is behind it
  for await (const candidate of candidates({ ...whole, sort }))
    if (!isGiven(candidate)) return candidate.position;
  return undefined;
}

function hashOf(id: DocumentId): bigint {
  return hash("sha1", idKey(id), "buffer").readBigUInt64LE();
}
