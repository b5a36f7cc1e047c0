import { setMaxListeners } from "node:events";
import { type Call, onAbort, TimeoutError } from "@everdraft/core/adapter";

/** What is left of a call's time, for calls that take several commands. */
export interface Deadline {
  /** The call. */
  readonly call: Call;
  /** Ends reads when the time is up or the caller gives up. Writes that were sent go on. */
  readonly signal: AbortSignal;
  /** Milliseconds that are left, at least 1: the driver takes 0 for no limit. */
  left(): number;
  /** Whether the time is up. */
  over(): boolean;
}

/**
 * Gives work the time of a call. The driver has no limit of its own over all that an operation does, so that
 * what takes longer is left alone, to end whenever it does. Throws TimeoutError, or the signal's reason.
 */
export async function withinTime<R>(
  operation: string,
  call: Call,
  work: (deadline: Deadline) => Promise<R>,
): Promise<R> {
  const { timeoutMs, signal } = call;
  const end = performance.now() + timeoutMs;
  const ending = new AbortController();
  // some calls read in several places at once
  setMaxListeners(0, ending.signal);
  const left = (): number => Math.max(1, Math.ceil(end - performance.now()));
  const timer = setTimeout(() => {
    const message = `Could not ${operation} in MongoDB: no answer came within ${Math.ceil(timeoutMs)} ms. Look whether the server can be reached, and why it is slow, or give the call more timeoutMs.`;
    ending.abort(new TimeoutError(message, { id: undefined, timeoutMs }));
  }, timeoutMs);
  const release = signal && onAbort(signal, () => ending.abort(signal.reason));
  try {
    const ended = new Promise<never>((_, reject) => {
      ending.signal.addEventListener("abort", () => reject(ending.signal.reason), { once: true });
    });
    const over = (): boolean => performance.now() >= end;
    return await Promise.race([work({ call, signal: ending.signal, left, over }), ended]);
  } finally {
    clearTimeout(timer);
    release?.();
  }
}
