import type { Signal } from "./call.ts";

interface Waiters {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

const waiting = new WeakMap<Signal, Waiters>();

/**
 * Calls back once, without an argument, when the signal aborts; where it is aborted already, at the end of this turn. Gives a
 * function that takes that back, safe to call again. All who wait for one signal share one listener, so a signal for many
 * calls at once makes Node warn of no leak, and a signal that outlives its calls keeps nothing of them.
 */
export function onAbort(signal: Signal, callback: () => void): () => void {
  let released = false;
  const callOnce = (): void => {
    if (released) return;
    release();
    callback();
  };
  const release = (): void => {
    released = true;
    leave(signal, callOnce);
  };
  if (signal.aborted) queueMicrotask(callOnce);
  else join(signal).callbacks.add(callOnce);
  return release;
}

function join(signal: Signal): Waiters {
  const known = waiting.get(signal);
  if (known !== undefined) return known;
  const callbacks = new Set<() => void>();
  const listener = (): void => {
    for (const callback of [...callbacks]) callback();
  };
  const waiters = { callbacks, listener };
  waiting.set(signal, waiters);
  signal.addEventListener("abort", listener);
  return waiters;
}

function leave(signal: Signal, callback: () => void): void {
  const waiters = waiting.get(signal);
  if (waiters === undefined) return;
  waiters.callbacks.delete(callback);
  if (waiters.callbacks.size > 0) return;
  waiting.delete(signal);
  signal.removeEventListener("abort", waiters.listener);
}
