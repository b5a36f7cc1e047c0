import type { Mark } from "../../history/mark.ts";
import { type DocumentId, idKey } from "../../model/document-id.ts";
import type { Revised } from "../../port/checkpoint-store.ts";
import type { PlainObject } from "../../value/value.ts";

/*
 * Long work over all documents goes range by range, each a page of ids in their order. One small record says which ranges
 * are planned, under way and done; every worker changes it only on the revision that it has read. So workers, in one
 * process or in many, share the work without a lock, and it can be ended anywhere and gone on with.
 */

/** A range that somebody works on. */
export interface OpenRange {
  /** Behind this document; from the first one where it is left out. */
  readonly after?: DocumentId;
  /** Up to this document, it included. Left out in the last piece of work, which is no range. */
  readonly upTo?: DocumentId;
  /** Who works on it; empty once its worker has given it back. */
  readonly owner: string;
  /** Counts up while its worker lives. */
  readonly beat: number;
}

/** The result of a piece of work. */
export interface Counts {
  /** Documents looked at. */
  readonly documents: number;
  /** Documents of which something was written. */
  readonly written: number;
  /** Documents that could not be done, or findings. */
  readonly failures: number;
}

/** How far a job is. */
export interface JobRecord extends Revised, Counts {
  /** This run of the job: one that is begun anew has another. */
  readonly run: string;
  /** When it began, in milliseconds. */
  readonly startedAt: number;
  /** Behind it lies all that was stored since; left out where the last piece of work is to look at everything. */
  readonly since?: Mark;
  /** The last document of the ranges planned so far. */
  readonly cursor?: DocumentId;
  /** Whether all documents are planned. */
  readonly planned: boolean;
  /** Whether the last piece of work was done. */
  readonly finished: boolean;
  /** How many ranges are done. */
  readonly ranges: number;
  readonly open: readonly OpenRange[];
}

/** A job that begins. */
export function newJob(run: string, startedAt: number, revision: number, since?: Mark): JobRecord {
  const counts = { documents: 0, written: 0, failures: 0, ranges: 0 };
  const job = { revision, run, startedAt, ...counts, planned: false, finished: false, open: [] };
  return withSince(job, since);
}

/** The record with another mark, or without one. */
export function withSince({ since: _, ...job }: JobRecord, since: Mark | undefined): JobRecord {
  return since === undefined ? job : { ...job, since };
}

/** The job of a record; undefined where it is none, or cannot be read. */
export function jobOf(record: PlainObject | undefined): JobRecord | undefined {
  if (record === undefined) return undefined;
  const { revision, run, startedAt, documents, written, failures, ranges, planned, finished, open } = record;
  const numbers = [revision, startedAt, documents, written, failures, ranges];
  const isWhole =
    typeof run === "string" &&
    numbers.every((n) => typeof n === "number") &&
    Array.isArray(open) &&
    typeof planned === "boolean" &&
    typeof finished === "boolean";
  return isWhole ? (record as JobRecord) : undefined;
}

/** The record after a page was planned, which its planner works on; without ids all are planned. */
export function withRange(job: JobRecord, upTo: DocumentId | undefined, owner: string): JobRecord {
  if (upTo === undefined) return { ...job, planned: true };
  const after = job.cursor;
  const range = { ...(after !== undefined && { after }), upTo, owner, beat: 0 };
  return { ...job, cursor: upTo, open: [...job.open, range] };
}

/** The record with a range that another worker takes over. */
function withOwner(job: JobRecord, index: number, owner: string): JobRecord {
  const open = job.open.map((range, i) => (i === index ? { ...range, owner, beat: range.beat + 1 } : range));
  return { ...job, open };
}

/** The record with a beat of all ranges of a worker. */
export function withBeat(job: JobRecord, owner: string): JobRecord {
  const open = job.open.map((range) => (range.owner === owner ? { ...range, beat: range.beat + 1 } : range));
  return { ...job, open };
}

/** The record after a range was done (with its result), or was given back. */
function withoutRange(job: JobRecord, index: number, done: Counts | undefined): JobRecord {
  if (done === undefined) return withOwner(job, index, "");
  const isLast = job.open[index]?.upTo === undefined;
  return {
    ...job,
    open: job.open.filter((_, i) => i !== index),
    documents: job.documents + done.documents,
    written: job.written + done.written,
    failures: job.failures + done.failures,
    ranges: job.ranges + (isLast ? 0 : 1),
    finished: isLast,
  };
}

/** The next step of a worker: a range to claim by storing the record that has it, a page to plan, or nothing. */
export type NextStep =
  | { readonly kind: "claim"; readonly range: OpenRange; readonly job: JobRecord }
  | { readonly kind: "plan" | "wait" | "finished" };

/** The next step of a worker. A range is free that was given back, or whose worker is dead. */
export function nextStep(job: JobRecord, worker: string, isDead: (range: OpenRange) => boolean): NextStep {
  const { open, planned, finished } = job;
  if (finished) return { kind: "finished" };
  const free = open.findIndex((range) => range.owner === "" || (range.owner !== worker && isDead(range)));
  if (free >= 0) {
    const claimed = withOwner(job, free, worker);
    return { kind: "claim", range: claimed.open[free] as OpenRange, job: claimed };
  }
  if (!planned) return { kind: "plan" };
  if (open.length === 0) {
    const last: OpenRange = { owner: worker, beat: 0 };
    return { kind: "claim", range: last, job: { ...job, open: [last] } };
  }
  // a worker's other lanes have all that is left in hand, and go on to the end
  return { kind: open.every(({ owner }) => owner === worker) ? "finished" : "wait" };
}

/** The record after a worker's range was done (with its result), or was given back; undefined where it has it no more. */
export function withoutOwned(
  job: JobRecord,
  worker: string,
  { upTo }: OpenRange,
  done: Counts | undefined,
): JobRecord | undefined {
  const key = upTo === undefined ? undefined : idKey(upTo);
  const index = job.open.findIndex(
    (range) => range.owner === worker && (range.upTo === undefined ? undefined : idKey(range.upTo)) === key,
  );
  return index < 0 ? undefined : withoutRange(job, index, done);
}
