import type { Storage } from "@everdraft/core/adapter";
import { wrapStorage } from "./wrap-storage.ts";

/** A storage that counts the events that are read from the log beneath. */
export interface CountingStorage {
  readonly storage: Storage<string>;
  /** Events given by reads of the log since the last call; sets the count back. */
  taken(): number;
}

/** Wraps a storage so that the events read from it are counted. */
export function countingStorage(beneath: Storage<string>): CountingStorage {
  let events = 0;
  const storage = wrapStorage(beneath, ({ log }) => ({
    log: {
      async read(doc, range, call) {
        const page = await log.read(doc, range, call);
        events += page.length;
        return page;
      },
      async head(doc, known, call) {
        events++;
        return log.head(doc, known, call);
      },
      async changes(query, call) {
        const page = await log.changes(query, call);
        events += page.length;
        return page;
      },
    },
  }));
  const taken = (): number => {
    const count = events;
    events = 0;
    return count;
  };
  return { storage, taken };
}
