import { setTimeout as startTimer, clearTimeout as stopTimer } from "node:timers";
import type { Limit } from "../context/limit.ts";

/** Work of this process that could not be done and is tried again in the background. */
export interface PendingWork {
  /** Tries again and again, with growing pauses, until the work says that it is done. What is pending already stays so. */
  keepTrying(key: string, work: () => Promise<boolean>): void;
  /** Waits for one piece of it, or for all, a second at most. Whether nothing of it is pending any more. Throws the signal's reason. */
  settled(key: string | undefined, limit: Limit): Promise<boolean>;
  /** Tries everything once more and stops. */
  close(): Promise<void>;
}

const longestPause = 5_000;
/** How long a reader waits for it, in milliseconds. */
const readersWait = 1_000;

interface Pending {
  readonly done: Promise<void>;
  readonly retryNow: () => void;
}

/** Makes an empty list of it. */
export function createPendingWork(): PendingWork {
  const pending = new Map<string, Pending>();
  let closing = false;

  const run = async (
    key: string,
    work: () => Promise<boolean>,
    sleep: (ms: number) => Promise<void>,
  ): Promise<void> => {
    for (let attempt = 0; ; attempt++) {
      await sleep(Math.min(longestPause, 50 * 2 ** attempt));
      if ((await work()) || closing) break;
    }
    pending.delete(key);
  };

  return {
    keepTrying: (key, work) => {
      if (pending.has(key)) return;
      let wake: () => void = () => undefined;
      const sleep = (ms: number): Promise<void> =>
        new Promise((resolve) => {
          const timer = startTimer(resolve, ms);
          timer.unref();
          wake = () => {
            stopTimer(timer);
            resolve();
          };
          if (closing) wake();
        });
      pending.set(key, { done: run(key, work, sleep), retryNow: () => wake() });
    },
    settled: async (key, limit) => {
      const awaited =
        key === undefined ? [...pending.values()] : [pending.get(key)].filter((one) => one !== undefined);
      if (awaited.length === 0) return true;
      const done = Promise.all(awaited.map((one) => one.done)).then(() => true);
      const { promise, release } = afterAWhile(limit);
      try {
        return await Promise.race([done, promise]);
      } finally {
        release();
      }
    },
    close: async () => {
      closing = true;
      for (const { retryNow } of pending.values()) retryNow();
      await Promise.all([...pending.values()].map(({ done }) => done));
    },
  };
}

/** False after as long as a reader waits, half of its time at most. Rejects when its signal aborts. */
function afterAWhile(limit: Limit): { readonly promise: Promise<false>; readonly release: () => void } {
  let release: () => void = () => undefined;
  const promise = new Promise<false>((resolve, reject) => {
    const timer = startTimer(() => resolve(false), Math.min(readersWait, limit.remaining() / 2));
    const forget = limit.onEnd(reject);
    release = () => {
      stopTimer(timer);
      forget();
    };
  });
  return { promise, release };
}
