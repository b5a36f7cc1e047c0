import { isPlain } from "@everdraft/core/adapter";
import { numberOf } from "../bson/bson-values.ts";
import type { Document } from "../connection/driver.ts";
import type { WriteError } from "./refusals.ts";

/** The answer to the command `bulkWrite`. */
export interface BulkReply {
  /** The operations that were carried out, each with the number of documents that it met or inserted. */
  readonly met: ReadonlyMap<number, number>;
  /** The operations that failed. */
  readonly failed: ReadonlyMap<number, WriteError>;
  /** The failed concern, where the operations may be lost again: they were not replicated in time. */
  readonly lostConcern: Document | undefined;
}

/** Reads an answer. An operation of which it tells nothing is in neither map. */
export function bulkReply(reply: Document): BulkReply {
  const { cursor, writeConcernError } = reply;
  const results = isPlain(cursor) && Array.isArray(cursor.firstBatch) ? cursor.firstBatch : [];
  const met = new Map<number, number>();
  const failed = new Map<number, WriteError>();
  for (const { ok, idx, n, code, errmsg } of results.filter(isPlain)) {
    if (numberOf(ok) === 1) met.set(numberOf(idx), numberOf(n));
    else
      failed.set(numberOf(idx), { code: numberOf(code), errmsg: typeof errmsg === "string" ? errmsg : "" });
  }
  return { met, failed, lostConcern: isPlain(writeConcernError) ? writeConcernError : undefined };
}
