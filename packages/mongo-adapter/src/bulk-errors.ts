import { MongoBulkWriteError } from "mongodb";

/** What the error of a bulk tells. */
export interface BulkErrors {
  /** The error that it wraps: the driver wraps whatever ended a bulk. */
  readonly cause: unknown;
  /** The operations that the server refused. */
  readonly writeErrors: readonly { readonly index: number; readonly code: number; readonly errmsg: string }[];
  /** Whether what it did not refuse may be lost again: it was not replicated in time. */
  readonly lostConcern: boolean;
  /** How many documents the operations met that were not refused. */
  readonly met: number;
}

/** Reads the error of a bulk; one of anything else has no write errors. */
export function bulkErrors(error: unknown): BulkErrors {
  if (!(error instanceof MongoBulkWriteError))
    return { cause: error, writeErrors: [], lostConcern: false, met: 0 };
  const response: unknown = error.errorResponse;
  const writeErrors = [error.writeErrors].flat().map(({ index, code, errmsg }) => {
    return { index, code, errmsg: errmsg ?? "" };
  });
  const lostConcern = error.result?.getWriteConcernError() !== undefined;
  const met = error.matchedCount + error.deletedCount;
  return { cause: response instanceof Error ? response : error, writeErrors, lostConcern, met };
}
