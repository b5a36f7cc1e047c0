import type { DocumentId } from "../model/document-id.ts";
import type { JobRecord } from "./job-record.ts";

/** How far long work is. */
export interface Progress {
  /** Documents done, by all workers and also before a break. */
  readonly done: number;
  /** Documents in all, as far as that is known; it may grow. */
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

/** Makes progress of a job's record. */
export function progressOf(total: number | undefined): (job: JobRecord) => Progress {
  const startedAt = performance.now();
  let before: number | undefined;
  return ({ documents: done, failures, cursor }) => {
    before ??= done;
    const rate = ((done - before) * 1000) / Math.max(1, performance.now() - startedAt);
    const left = total === undefined ? undefined : Math.max(0, total - done);
    return {
      ...{ done, total: total === undefined ? undefined : Math.max(total, done), rate, failures },
      etaMs: left === undefined || rate === 0 ? undefined : Math.round((left * 1000) / rate),
      position: cursor satisfies DocumentId | undefined,
    };
  };
}
