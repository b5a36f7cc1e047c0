import { type JobRecord, jobOf } from "./job-record.ts";
import type { JobStore } from "./shared-record.ts";

/** A record of this process alone, for work that nobody shares or goes on with. */
export function localJobs(): JobStore {
  let kept: JobRecord | undefined;
  return {
    get: async () => kept,
    swap: async (_name, value) => {
      if ((kept?.revision ?? 0) !== value.revision - 1) return false;
      kept = jobOf(value);
      return true;
    },
  };
}
