import type { ClosedError } from "../errors/closed-error.ts";
import type { Signal } from "../port/call.ts";

/** How long a store is open, and its work that goes on meanwhile. */
export interface Lifetime {
  /** Aborts when the store is closed, with the error for all that is under way. */
  readonly ending: Signal;
  /** Throws that error once the store is closed. */
  refuseClosed(): void;
  /** Keeps closing waiting for work. */
  track<V>(work: Promise<V>): Promise<V>;
  /** Closes the store, once however often it is asked for: waits for all tracked work, then for `last`. */
  close(last: () => Promise<void>): Promise<void>;
}

/** Begins it. `closed` makes the error. */
export function createLifetime(closed: () => ClosedError): Lifetime {
  const ending = new AbortController();
  const tracked = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;
  return {
    ending: ending.signal,
    refuseClosed: () => {
      if (closing !== undefined) throw closed();
    },
    track: (work) => {
      tracked.add(work);
      const done = (): boolean => tracked.delete(work);
      work.then(done, done);
      return work;
    },
    close: (last) => {
      closing ??= (async () => {
        ending.abort(closed());
        await Promise.allSettled(tracked);
        await last();
      })();
      return closing;
    },
  };
}
