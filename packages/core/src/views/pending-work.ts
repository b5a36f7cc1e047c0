import type { Wait } from "../context/wait.ts";
import { type Deadline, within } from "../port/deadline.ts";

/** Work of this process that could not be done and is tried again in the background. */
export interface PendingWork {
  /**
   * Tries again and again, with growing pauses, until the work says that it is done. A key that is pending already stays
   * so.
   */
  keepTrying(key: string, work: () => Promise<boolean>): void;
  /**
   * Waits for some pieces of it, or for all, a second at most for all of them together. Whether none of them is pending any
   * more. Throws the signal's reason.
   */
  settled(keys: readonly string[] | undefined, deadline: Deadline): Promise<boolean>;
  /** Tries everything once more and stops. */
  close(): Promise<void>;
}

const longestPause = 5_000;
/** How long a reader waits for it, in milliseconds. */
const readersWait = 1_000;

/** Makes an empty list of it. */
export function createPendingWork(wait: Wait): PendingWork {
  const pending = new Map<string, Promise<void>>();
  const closing = new AbortController();

  const run = async (key: string, work: () => Promise<boolean>): Promise<void> => {
    for (let attempt = 0; ; attempt++) {
      if (!closing.signal.aborted) await wait(Math.min(longestPause, 50 * 2 ** attempt), closing.signal);
      if ((await work()) || closing.signal.aborted) break;
    }
    pending.delete(key);
  };

  return {
    keepTrying: (key, work) => {
      if (!pending.has(key)) pending.set(key, run(key, work));
    },
    settled: async (keys, deadline) => {
      if (pending.size === 0) return true;
      const awaited = (keys ?? [...pending.keys()]).flatMap((key) => pending.get(key) ?? []);
      if (awaited.length === 0) return true;
      const done = Promise.all(awaited).then(() => true);
      const ended = new AbortController();
      const patience = Math.min(readersWait, deadline.remaining() / 2);
      const waited = wait(patience, ended.signal).then(() => false);
      try {
        return await within(Promise.race([done, waited]), deadline);
      } finally {
        ended.abort();
      }
    },
    close: async () => {
      closing.abort();
      await Promise.all(pending.values());
    },
  };
}
