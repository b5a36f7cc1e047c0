import type { EventLog, Storage } from "@everdraft/core/adapter";
import { wrapStorage } from "./wrap-storage.ts";

/** Commits that store events without their views and rows, and say that the views are behind. */
export function commitBare(log: EventLog): EventLog["commit"] {
  return async (appends, kind, call) => {
    const bare = appends.map(({ event }) => ({ event }));
    const outcomes = await log.commit(bare, kind, call);
    return outcomes.map((one) => (one.event === "stored" ? { ...one, view: "behind" } : one));
  };
}

/** The storage of a process that is killed after its events are stored, and before views and rows are. */
export function killedAfterEvents(storage: Storage<string>): Storage<string> {
  return wrapStorage(storage, ({ log }) => ({
    log: { commit: commitBare(log) },
    views: { write: async () => "behind" },
    rows: { write: async () => "behind" },
  }));
}
