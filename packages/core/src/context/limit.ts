import { clearTimeout, setTimeout as startTimer } from "node:timers";
import { TimeoutError } from "../errors/timeout-error.ts";
import { showId } from "../model/document-id.ts";
import type { Call } from "../port/call.ts";
import { onAbort } from "../port/on-abort.ts";
import type { CallOptions } from "./options.ts";

/** How long one call of the store may go on. */
export interface Limit {
  /**
   * The limit as the port takes it, with the time that is left. Throws the signal's reason, or TimeoutError
   * where none is left.
   */
  call(): Call;
  /** The milliseconds that are left; 0 where none are. */
  remaining(): number;
  /**
   * Calls back once, with the error to fail with, when the time is up or the signal aborts. Gives a function
   * that takes that back.
   */
  onEnd(callback: (error: unknown) => void): () => void;
}

/** Starts the clock of one call. `id` is the document for messages; undefined for calls over several. */
export function startLimit(options: CallOptions | undefined, id?: unknown): Limit {
  const timeoutMs = options?.timeoutMs ?? 10_000;
  const signal = options?.signal;
  const endsAt = performance.now() + timeoutMs;
  const remaining = (): number => Math.max(0, endsAt - performance.now());
  const timeout = (): TimeoutError => {
    const about = id === undefined ? "" : ` on document ${showId(id)}`;
    const message = `The call${about} took longer than ${Math.round(timeoutMs)} ms. Look why the storage is slow, or give it more timeoutMs.`;
    return new TimeoutError(message, { id, timeoutMs });
  };
  return {
    remaining,
    call: () => {
      signal?.throwIfAborted();
      const left = remaining();
      if (left === 0) throw timeout();
      return { timeoutMs: left, ...(signal && { signal }) };
    },
    onEnd: (callback) => {
      const timer = startTimer(() => callback(timeout()), remaining());
      const release = signal && onAbort(signal, () => callback(signal.reason));
      return () => {
        clearTimeout(timer);
        release?.();
      };
    },
  };
}

/**
 * The limit of a listing or other long work: each of its storage calls may take the whole time, so slow
 * readers are not cut off.
 */
export function limitEach(options: CallOptions | undefined): Limit {
  const timeoutMs = options?.timeoutMs ?? 10_000;
  const signal = options?.signal;
  return {
    remaining: () => timeoutMs,
    call: () => {
      signal?.throwIfAborted();
      return { timeoutMs, ...(signal && { signal }) };
    },
    onEnd: (callback) => startLimit({ timeoutMs, ...(signal && { signal }) }).onEnd(callback),
  };
}

/** The limit of work that several calls share: the longest of theirs, whatever their signals say. */
export function limitOfAll(limits: readonly Limit[]): Limit {
  const remaining = (): number => Math.max(0, ...limits.map((limit) => limit.remaining()));
  return { remaining, call: () => ({ timeoutMs: Math.max(1, remaining()) }), onEnd: () => () => undefined };
}

/** Waits for a promise as long as the call may go on. Throws the signal's reason, or TimeoutError. */
export async function within<V>(promise: Promise<V>, limit: Limit): Promise<V> {
  let release: () => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    release = limit.onEnd(reject);
  });
  try {
    return await Promise.race([promise, ended]);
  } finally {
    release();
  }
}
