import { setTimeout as delay } from "node:timers/promises";
import type { Limit } from "../../context/limit.ts";
import type { DocumentId } from "../../model/document-id.ts";
import { idKey } from "../../model/document-id.ts";
import { newId } from "../../model/event-id.ts";
import type { Signal } from "../../port/call.ts";
import type { CheckpointStore } from "../../port/checkpoint-store.ts";
import type { Beginning } from "./beginning.ts";
import {
  type Counts,
  type JobRecord,
  jobOf,
  newJob,
  type OpenRange,
  withBeat,
  withOwner,
  withoutRange,
  withRange,
  withSince,
} from "./job-record.ts";
import { beatEvery, newWorker, watchWorkers } from "./worker.ts";

/** What a job works on, and what it does with it. */
export interface Work {
  /** The name of its record: who uses the same shares the work. */
  readonly name: string;
  /** How many ranges this process works on at once. */
  readonly concurrency: number;
  /** How many documents a range has. */
  readonly rangeSize: number;
  /** The time at which it begins, in milliseconds. */
  readonly startedAt: number;
  /** Where it begins in the order of storing, for work that looks at the end for what was stored meanwhile. */
  readonly beginning?: Beginning;
  /** A page of the documents' ids behind one. */
  readonly page: (after: DocumentId | undefined, size: number) => Promise<readonly DocumentId[]>;
  /**
   * Whether a document is behind another in the order of pages. Needed where work takes documents out of the pages: then the
   * end of a range that was broken off may not be found any more.
   */
  readonly isBehind?: (id: DocumentId, other: DocumentId) => boolean;
  /** Does one range: the documents behind `after`, up to `upTo`. `run` is the same in all ranges and for all workers. */
  readonly range: (ids: readonly DocumentId[], run: string) => Promise<Counts>;
  /** What comes when all ranges are done, once. */
  readonly last: (job: JobRecord) => Promise<Counts>;
  /** Hears how far the job is, of all its workers together. */
  readonly onChange: (job: JobRecord) => void;
}

/** Where a job's record is kept. */
export type JobStore = Pick<CheckpointStore, "get" | "swap">;

/** How often a worker with nothing to do looks again. */
const lookAgainAfter = 250;

/** A range in this worker's hand. */
type Claim =
  | {
      readonly kind: "range";
      readonly range: OpenRange;
      readonly ids?: readonly DocumentId[];
      /** The record in which it was claimed. */
      readonly job: JobRecord;
    }
  | { readonly kind: "wait" | "finished" };

/**
 * Works on a job until it is finished, or `limit`'s signal says to stop: then what is in hand is done and saved. A job
 * that was broken off is gone on with, one that is under way elsewhere is joined, one that was finished begins anew.
 * What fails is given back, so that the next worker takes it at once.
 */
export async function runJob(
  store: JobStore,
  work: Work,
  signal: Signal | undefined,
  limit: Limit,
): Promise<JobRecord> {
  const worker = newWorker();
  let last = await begin(store, work, newId(), limit);
  const { run } = last;
  const isDead = watchWorkers();
  let failed = false;

  const change = async (next: (job: JobRecord) => JobRecord | undefined): Promise<JobRecord | undefined> => {
    for (;;) {
      const job = jobOf(await store.get(work.name, limit.call()));
      // somebody began it anew: this worker's part is over
      if (job === undefined || job.run !== run) return undefined;
      const wanted = next(job);
      if (wanted === undefined) return job;
      const written = { ...loweredBy(work, wanted), revision: job.revision + 1 };
      if (await store.swap(work.name, written, limit.call())) return written;
    }
  };
  const changed = (job: JobRecord | undefined): JobRecord | undefined => {
    if (job === undefined) return undefined;
    last = job;
    work.onChange(job);
    return job;
  };

  // the record may change for another reason between page and swap; the page behind a cursor stays good
  let page: { readonly after: string; readonly ids: readonly DocumentId[] } | undefined;
  const pageBehind = async (cursor: DocumentId | undefined): Promise<readonly DocumentId[]> => {
    const after = cursor === undefined ? "" : idKey(cursor);
    if (page?.after !== after) page = { after, ids: await work.page(cursor, work.rangeSize) };
    return page.ids;
  };

  const claim = async (): Promise<Claim> => {
    const job = jobOf(await store.get(work.name, limit.call()));
    if (job === undefined || job.run !== run || job.finished) return { kind: "finished" };
    const free = job.open.findIndex(
      (range) => range.owner === "" || (range.owner !== worker && isDead(range)),
    );
    if (free >= 0) {
      const wanted = { ...withOwner(job, free, worker), revision: job.revision + 1 };
      if (!(await store.swap(work.name, wanted, limit.call()))) return claim();
      return { kind: "range", range: wanted.open[free] as OpenRange, job: wanted };
    }
    if (!job.planned) {
      const ids = await pageBehind(job.cursor);
      const wanted = { ...withRange(job, ids.at(-1), worker), revision: job.revision + 1 };
      if (!(await store.swap(work.name, wanted, limit.call())) || wanted.planned) return claim();
      return { kind: "range", range: wanted.open.at(-1) as OpenRange, ids, job: wanted };
    }
    // this worker's other lanes have all that is left in hand, and go on to the end
    if (job.open.length > 0 && job.open.every(({ owner }) => owner === worker)) return { kind: "finished" };
    if (job.open.length > 0) return { kind: "wait" };
    const tail: OpenRange = { owner: worker, beat: 0 };
    const wanted = { ...job, open: [tail], revision: job.revision + 1 };
    const isMine = await store.swap(work.name, wanted, limit.call());
    return isMine ? { kind: "range", range: tail, job: wanted } : claim();
  };

  const giveBack = (range: OpenRange, done: Counts | undefined): Promise<JobRecord | undefined> =>
    change((job) => {
      const index = job.open.findIndex((one) => one.owner === worker && isSame(one, range));
      return index < 0 ? undefined : withoutRange(job, index, done);
    });

  const doRange = async ({ range, ids: known, job }: Extract<Claim, { kind: "range" }>): Promise<void> => {
    try {
      const ids = known ?? (range.upTo === undefined ? [] : await idsOf(work, range));
      const isLast = range.upTo === undefined;
      const done = isLast ? await work.last(loweredBy(work, job)) : await work.range(ids, run);
      changed(await giveBack(range, done));
    } catch (error) {
      failed = true;
      await giveBack(range, undefined).catch(() => undefined);
      throw error;
    }
  };

  // one after another: of several that plan a range at once all but one would do it for nothing
  let claiming: Promise<unknown> = Promise.resolve();
  const claimInTurn = (): Promise<Claim> => {
    const claimed = claiming.then(claim);
    claiming = claimed.catch(() => undefined);
    return claimed;
  };

  const lane = async (): Promise<void> => {
    while (!failed && signal?.aborted !== true) {
      const claimed = await claimInTurn();
      if (claimed.kind === "finished") return;
      if (claimed.kind === "range") await doRange(claimed);
      // so short that a signal may wait: its listeners, one for each lane, would look like a leak to Node
      else await delay(lookAgainAfter);
    }
  };

  const beating = setInterval(() => {
    // one that is missed is made up for by the next
    void change((job) =>
      job.open.some(({ owner }) => owner === worker) ? withBeat(job, worker) : undefined,
    ).catch(() => undefined);
  }, beatEvery);
  beating.unref();
  work.onChange(last);
  try {
    const lanes = await Promise.allSettled(Array.from({ length: work.concurrency }, lane));
    for (const ended of lanes) if (ended.status === "rejected") throw ended.reason;
  } finally {
    clearInterval(beating);
  }
  const end = jobOf(await store.get(work.name, limit.call()));
  return end?.run === run ? end : last;
}

/** The job as it stands, begun where there is none that goes on. */
async function begin(store: JobStore, work: Work, run: string, limit: Limit): Promise<JobRecord> {
  for (;;) {
    const record = await store.get(work.name, limit.call());
    const found = jobOf(record);
    const revision = typeof record?.revision === "number" ? record.revision : 0;
    if (found !== undefined && !found.finished) {
      const since = work.beginning?.joined(found.since);
      if (since?.at === found.since?.at) return found;
      const joined = { ...withSince(found, since), revision: revision + 1 };
      if (await store.swap(work.name, joined, limit.call())) return joined;
      continue;
    }
    const job = newJob(run, work.startedAt, revision + 1, work.beginning?.mark);
    if (await store.swap(work.name, job, limit.call())) return job;
  }
}

/** The record with its mark as low as this worker knows that it has to be. */
function loweredBy({ beginning }: Work, job: JobRecord): JobRecord {
  return beginning === undefined ? job : withSince(job, beginning.lowered(job.since));
}

function isSame(a: OpenRange, b: OpenRange): boolean {
  if (a.upTo === undefined || b.upTo === undefined) return a.upTo === b.upTo;
  return idKey(a.upTo) === idKey(b.upTo);
}

/** The documents of a range that was planned before; some may be newer than the plan. */
async function idsOf(work: Work, { after, upTo }: OpenRange): Promise<readonly DocumentId[]> {
  const ids: DocumentId[] = [];
  const end = upTo as DocumentId;
  for (let behind = after; ; behind = ids.at(-1)) {
    const page = await work.page(behind, work.rangeSize);
    const isEnd = (id: DocumentId): boolean => idKey(id) === idKey(end);
    const stop = page.findIndex((id) => isEnd(id) || work.isBehind?.(id, end) === true);
    const within = stop < 0 || isEnd(page[stop] as DocumentId) ? stop + 1 : stop;
    ids.push(...(stop < 0 ? page : page.slice(0, within)));
    if (stop >= 0 || page.length < work.rangeSize) return ids;
  }
}
