import type { Wait } from "../../context/wait.ts";
import { type DocumentId, idKey } from "../../model/document-id.ts";
import { newId } from "../../model/event-id.ts";
import type { Signal } from "../../port/call.ts";
import type { Deadline } from "../../port/deadline.ts";
import {
  type Counts,
  type JobRecord,
  nextStep,
  type OpenRange,
  withBeat,
  withoutOwned,
  withRange,
} from "./job-record.ts";
import { type JobStart, type JobStore, joinJob, type SharedRecord } from "./shared-record.ts";
import { beatEvery, newWorker, watchWorkers } from "./worker.ts";

/** The documents of a job, and its work on them. */
export interface Work extends JobStart {
  /** How many ranges this process works on at once. */
  readonly concurrency: number;
  /** How many documents a range has. */
  readonly rangeSize: number;
  /** A page of the documents' ids behind one. */
  readonly page: (after: DocumentId | undefined, size: number) => Promise<readonly DocumentId[]>;
  /**
   * Whether a document is behind another in the order of pages. Needed where work takes documents out of the pages: then the
   * end of a range that was broken off may not be found any more.
   */
  readonly isBehind?: (id: DocumentId, other: DocumentId) => boolean;
  /** Does one range: the documents behind `after`, up to `upTo`. `run` is the same in all ranges and for all workers. */
  readonly range: (ids: readonly DocumentId[], run: string) => Promise<Counts>;
  /** Does the last piece of work, once, when all ranges are done. */
  readonly last: (job: JobRecord) => Promise<Counts>;
  /** Hears how far the job is, of all its workers together. */
  readonly onChange: (job: JobRecord) => void;
}

/** Where a job runs, and how long. */
export interface JobBounds {
  readonly store: JobStore;
  readonly signal: Signal | undefined;
  readonly deadline: Deadline;
  readonly wait: Wait;
}

/** How often a worker with nothing to do looks again. */
const lookAgainAfter = 250;

/** A range in this worker's hand. */
interface Claimed {
  readonly range: OpenRange;
  /** Its documents, where it was planned just now. */
  readonly ids?: readonly DocumentId[];
  /** The record in which it was claimed. */
  readonly job: JobRecord;
}

/**
 * Works on a job until it is finished, or the signal says to stop: then the ranges in hand are done and saved. A job that
 * was broken off is gone on with, one that is under way elsewhere is joined, one that was finished begins anew. A range
 * that fails is given back, so that the next worker takes it at once.
 */
export async function runJob(work: Work, { store, signal, deadline, wait }: JobBounds): Promise<JobRecord> {
  const worker = newWorker();
  const record = await joinJob(store, work, newId(), deadline);
  const claim = claims(work, record, worker);
  let last = record.first;
  let failed = false;

  const giveBack = async (range: OpenRange, done: Counts | undefined): Promise<void> => {
    const changed = await record.change((job) => withoutOwned(job, worker, range, done));
    if (changed === undefined || done === undefined) return;
    last = changed;
    work.onChange(changed);
  };

  const doRange = async ({ range, ids, job }: Claimed): Promise<void> => {
    try {
      const isLast = range.upTo === undefined;
      const done = isLast
        ? await work.last(job)
        : await work.range(ids ?? (await idsOf(work, range)), job.run);
      await giveBack(range, done);
    } catch (error) {
      failed = true;
      await giveBack(range, undefined).catch(() => undefined);
      throw error;
    }
  };

  const lane = async (): Promise<void> => {
    while (!failed && signal?.aborted !== true) {
      const claimed = await claim();
      if (claimed === "finished") return;
      // so short that a signal may wait: its listeners, one for each lane, would look like a leak to Node
      if (claimed === "wait") await wait(lookAgainAfter);
      else await doRange(claimed);
    }
  };

  const stopBeating = beat(record, worker);
  work.onChange(last);
  try {
    const lanes = await Promise.allSettled(Array.from({ length: work.concurrency }, lane));
    for (const ended of lanes) if (ended.status === "rejected") throw ended.reason;
  } finally {
    stopBeating();
  }
  return (await record.read()) ?? last;
}

/**
 * Claims ranges of a job, one after another: of several that plan a range at once all but one would do it for nothing.
 */
function claims(
  work: Work,
  record: SharedRecord,
  worker: string,
): () => Promise<Claimed | "wait" | "finished"> {
  const isDead = watchWorkers();
  const page = pages(work);

  const claim = async (): Promise<Claimed | "wait" | "finished"> => {
    for (;;) {
      const job = await record.read();
      if (job === undefined) return "finished";
      const step = nextStep(job, worker, isDead);
      if (step.kind === "finished" || step.kind === "wait") return step.kind;
      if (step.kind === "claim") {
        const written = await record.write(step.job);
        if (written !== undefined) return { range: step.range, job: written };
        continue;
      }
      const ids = await page(job.cursor);
      const written = await record.write(withRange(job, ids.at(-1), worker));
      if (written !== undefined && !written.planned)
        return { range: written.open.at(-1) as OpenRange, ids, job: written };
    }
  };

  let claiming: Promise<unknown> = Promise.resolve();
  return () => {
    const claimed = claiming.then(claim);
    claiming = claimed.catch(() => undefined);
    return claimed;
  };
}

/** The pages behind a cursor. The last one is kept: the record may change for another reason before it is used. */
function pages(work: Work): (cursor: DocumentId | undefined) => Promise<readonly DocumentId[]> {
  let kept: { readonly after: string; readonly ids: readonly DocumentId[] } | undefined;
  return async (cursor) => {
    const after = cursor === undefined ? "" : idKey(cursor);
    if (kept?.after !== after) kept = { after, ids: await work.page(cursor, work.rangeSize) };
    return kept.ids;
  };
}

/** Shows again and again that a worker lives, until the function that it gives is called. */
function beat(record: SharedRecord, worker: string): () => void {
  const beating = setInterval(() => {
    // one that is missed is made up for by the next
    void record
      .change((job) => (job.open.some(({ owner }) => owner === worker) ? withBeat(job, worker) : undefined))
      .catch(() => undefined);
  }, beatEvery);
  beating.unref();
  return () => clearInterval(beating);
}

/** The documents of a range that was planned before; some may be newer than the plan. */
async function idsOf(work: Work, { after, upTo }: OpenRange): Promise<readonly DocumentId[]> {
  const ids: DocumentId[] = [];
  const end = upTo as DocumentId;
  for (let behind = after; ; behind = ids.at(-1)) {
    const page = await work.page(behind, work.rangeSize);
    const isEnd = (id: DocumentId): boolean => idKey(id) === idKey(end);
    const stop = page.findIndex((id) => isEnd(id) || work.isBehind?.(id, end) === true);
    const upToStop = stop < 0 || isEnd(page[stop] as DocumentId) ? stop + 1 : stop;
    ids.push(...(stop < 0 ? page : page.slice(0, upToStop)));
    if (stop >= 0 || page.length < work.rangeSize) return ids;
  }
}
