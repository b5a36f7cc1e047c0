import type { DocumentId } from "../../model/document-id.ts";
import type { JobRecord } from "./job-record.ts";

/** How far long work is. */
export interface Progress {
  /** Documents done, by all workers and also before a break. */
  readonly done: number;
  /** Documents in all, as far as that is known: not where views are missing and more documents are met than they told of. */
  readonly total: number | undefined;
  /** Documents a second since this call began. */
  readonly rate: number;
  /** Milliseconds until the end at that rate; undefined where nothing can be said. */
  readonly etaMs: number | undefined;
  /** The last document that was planned, in the order of ids. */
  readonly position: unknown;
  /** Documents that could not be done, or findings. */
  readonly failures: number;
}

/** Makes progress of a job's record. `expected`: how many documents there seem to be. */
export function progressOf(expected: number | undefined): (job: JobRecord) => Progress {
  const startedAt = performance.now();
  let before: number | undefined;
  return ({ documents: done, finished, failures, cursor }) => {
    before ??= done;
    const rate = ((done - before) * 1000) / Math.max(1, performance.now() - startedAt);
    const total = finished
      ? done
      : expected !== undefined && expected >= Math.max(1, done)
        ? expected
        : undefined;
    return {
      done,
      total,
      rate,
      failures,
      etaMs: total === undefined || rate === 0 ? undefined : Math.round(((total - done) * 1000) / rate),
      position: cursor satisfies DocumentId | undefined,
    };
  };
}
