import type { CheckpointStore } from "../../port/checkpoint-store.ts";
import type { Deadline } from "../../port/deadline.ts";
import type { Beginning } from "./beginning.ts";
import { type JobRecord, jobOf, newJob, withSince } from "./job-record.ts";

/** Where a job's record is kept. */
export type JobStore = Pick<CheckpointStore, "get" | "swap">;

/** How a job is known, and where it begins. */
export interface JobStart {
  /** The name of its record: who uses the same shares the work. */
  readonly name: string;
  /** The time at which it begins, in milliseconds. */
  readonly startedAt: number;
  /** Where it begins in the order of storing, for work that looks at the end for events stored meanwhile. */
  readonly beginning?: Beginning;
}

/** The record of one run of a job. Every change is made on the revision that was read, so workers need no lock. */
export interface SharedRecord {
  /** The record as this worker met it. */
  readonly first: JobRecord;
  /** The record as it stands; undefined once somebody began the job anew. */
  read(): Promise<JobRecord | undefined>;
  /** Writes the record that follows on the one that was read. Undefined where somebody else was first. */
  write(next: JobRecord): Promise<JobRecord | undefined>;
  /**
   * Reads and writes until nobody comes between; where `next` gives nothing, nothing is written. Undefined once somebody began
   * the job anew.
   */
  change(next: (job: JobRecord) => JobRecord | undefined): Promise<JobRecord | undefined>;
}

/** Goes on with the job of this name, or begins it, as the run `run`, where there is none that goes on. */
export async function joinJob(
  store: JobStore,
  start: JobStart,
  run: string,
  deadline: Deadline,
): Promise<SharedRecord> {
  const { name } = start;
  const first = await begin(store, start, run, deadline);

  const read: SharedRecord["read"] = async () => {
    const job = jobOf(await store.get(name, deadline.call()));
    return job?.run === first.run ? job : undefined;
  };
  const write: SharedRecord["write"] = async (next) => {
    const written = { ...lowered(start, next), revision: next.revision + 1 };
    return (await store.swap(name, written, deadline.call())) ? written : undefined;
  };
  const change: SharedRecord["change"] = async (next) => {
    for (;;) {
      const job = await read();
      const wanted = job && next(job);
      if (wanted === undefined) return job;
      const written = await write(wanted);
      if (written !== undefined) return written;
    }
  };
  return { first, read, write, change };
}

async function begin(
  store: JobStore,
  { name, startedAt, beginning }: JobStart,
  run: string,
  deadline: Deadline,
): Promise<JobRecord> {
  for (;;) {
    const record = await store.get(name, deadline.call());
    const found = jobOf(record);
    const revision = typeof record?.revision === "number" ? record.revision : 0;
    if (found !== undefined && !found.finished) {
      const since = beginning?.joined(found.since);
      if (since?.at === found.since?.at) return found;
      const joined = { ...withSince(found, since), revision: revision + 1 };
      if (await store.swap(name, joined, deadline.call())) return joined;
      continue;
    }
    const job = newJob(run, startedAt, revision + 1, beginning?.mark);
    if (await store.swap(name, job, deadline.call())) return job;
  }
}

/** The record with its mark as low as this worker knows that it has to be. */
function lowered({ beginning }: JobStart, job: JobRecord): JobRecord {
  return beginning === undefined ? job : withSince(job, beginning.lowered(job.since));
}
