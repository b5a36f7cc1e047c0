import { setTimeout as delay } from "node:timers/promises";
import type { Signal } from "../port/call.ts";

/**
 * Waits so many milliseconds. With a signal it ends early, without an error, when the signal aborts, and keeps no process
 * alive.
 */
export type Wait = (ms: number, until?: Signal) => Promise<void>;

/** Waits by the timers of the process. */
export const wait: Wait = async (ms, until) => {
  if (until === undefined) return delay(ms);
  // it rejects where the signal aborts
  await delay(ms, undefined, { signal: until, ref: false }).catch(() => undefined);
};
