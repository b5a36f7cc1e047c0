import { clearTimeout, setTimeout as startTimer } from "node:timers";
import type { Signal } from "../port/call.ts";
import { onAbort } from "../port/on-abort.ts";

/**
 * Waits so many milliseconds. With a signal it ends early, without an error, when the signal aborts, and keeps no process
 * alive.
 */
export type Wait = (ms: number, until?: Signal) => Promise<void>;

/** Waits by the timers of the process. */
export const wait: Wait = (ms, until) =>
  new Promise((resolve) => {
    const timer = startTimer(() => {
      release?.();
      resolve();
    }, ms);
    if (until !== undefined) timer.unref();
    const release =
      until &&
      onAbort(until, () => {
        clearTimeout(timer);
        resolve();
      });
  });
