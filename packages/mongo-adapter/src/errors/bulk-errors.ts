import { property } from "./driver-errors.ts";

/** The facts in the error of a bulk. */
export interface BulkErrors {
  /** The error that it wraps: the driver wraps whatever ended a bulk. */
  readonly cause: unknown;
  /** The operations that the server refused. */
  readonly writeErrors: readonly { readonly index: number; readonly code: number; readonly errmsg: string }[];
  /** Whether the operations that were not refused may be lost again: they were not replicated in time. */
  readonly lostConcern: boolean;
  /** How many documents the operations met that were not refused. */
  readonly met: number;
}

/** The fields that are read of it, whatever copy of the driver it is from. */
interface BulkError {
  readonly errorResponse?: unknown;
  readonly writeErrors: WriteErrorOfDriver | readonly WriteErrorOfDriver[];
  readonly result?: { getWriteConcernError(): unknown };
  readonly matchedCount: number;
  readonly deletedCount: number;
}

interface WriteErrorOfDriver {
  readonly index: number;
  readonly code: number;
  readonly errmsg?: string | undefined;
}

/** Reads the error of a bulk; one of anything else has no write errors. */
export function bulkErrors(error: unknown): BulkErrors {
  if (property(error, "name") !== "MongoBulkWriteError")
    return { cause: error, writeErrors: [], lostConcern: false, met: 0 };
  const { errorResponse, writeErrors: refused, result, matchedCount, deletedCount } = error as BulkError;
  const writeErrors = [refused].flat().map(({ index, code, errmsg }) => {
    return { index, code, errmsg: errmsg ?? "" };
  });
  const lostConcern = result?.getWriteConcernError() !== undefined;
  const met = matchedCount + deletedCount;
  return { cause: errorResponse instanceof Error ? errorResponse : error, writeErrors, lostConcern, met };
}
