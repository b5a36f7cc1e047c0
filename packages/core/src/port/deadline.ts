import { clearTimeout, setTimeout as startTimer } from "node:timers";
import { TimeoutError } from "../errors/timeout-error.ts";
import type { Call } from "./call.ts";
import { onAbort } from "./on-abort.ts";

/** How long one call may go on. */
export interface Deadline {
  /**
   * The bounds of a call of the port, with the time that is left. Throws the signal's reason, or the deadline's own error
   * where no time is left.
   */
  call(): Call;
  /** The milliseconds that are left; 0 where none are. */
  remaining(): number;
  /**
   * Calls back once, with the error to fail with, when the time is up or the signal aborts. Gives a function
   * that takes that back.
   */
  onEnd(callback: (error: unknown) => void): () => void;
  /** The deadline of one step that may be tried several times: of long work too, all the tries have the time of one call. */
  ofStep(): Deadline;
}

/** Starts the clock of one call. `timeoutError` makes the error of a call whose time is up. */
export function startDeadline(
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: Call["signal"] | undefined },
  timeoutError: () => Error,
): Deadline {
  const endsAt = performance.now() + timeoutMs;
  return deadlineOf(() => Math.max(0, endsAt - performance.now()), signal, timeoutError);
}

const defaultMs = 10_000;

/** The deadline of one call of the store. `id` is the document for messages; undefined for calls over several. */
export function deadlineOfCall(
  { timeoutMs = defaultMs, signal }: Partial<Call> = {},
  id?: unknown,
): Deadline {
  return startDeadline({ timeoutMs, signal }, () => new TimeoutError({ id, timeoutMs }));
}

/**
 * The deadline of a listing or other long work: each of its storage calls may take the whole time, so slow
 * readers are not cut off.
 */
export function deadlineOfEach({ timeoutMs = defaultMs, signal }: Partial<Call> = {}): Deadline {
  const timeoutError = (): Error => new TimeoutError({ id: undefined, timeoutMs });
  const each = deadlineOf(() => timeoutMs, signal, timeoutError);
  return { ...each, ofStep: () => startDeadline({ timeoutMs, signal }, timeoutError) };
}

/**
 * The deadline of work that several calls share: the longest of theirs, whatever their signals say. A millisecond is always
 * left, since each call is told by its own deadline that its time is up. The error of this one is for nobody: `isSharedEnd`
 * knows it.
 */
export function sharedDeadline(deadlines: readonly Deadline[]): Deadline {
  const remaining = (): number => Math.max(1, ...deadlines.map((deadline) => deadline.remaining()));
  return deadlineOf(remaining, undefined, () => new SharedEnd("the time of all who wait is up"));
}

class SharedEnd extends Error {}

/** Whether an error says no more than that the time of a shared deadline is up. */
export function isSharedEnd(error: unknown): boolean {
  return error instanceof SharedEnd;
}

function deadlineOf(remaining: () => number, signal: Call["signal"], timeoutError: () => Error): Deadline {
  const deadline: Deadline = {
    remaining,
    ofStep: () => deadline,
    call: () => {
      signal?.throwIfAborted();
      const timeoutMs = remaining();
      if (timeoutMs === 0) throw timeoutError();
      return signal === undefined ? { timeoutMs } : { timeoutMs, signal };
    },
    onEnd: (callback) => {
      const timer = startTimer(() => callback(timeoutError()), remaining());
      const release = signal && onAbort(signal, () => callback(signal.reason));
      return () => {
        clearTimeout(timer);
        release?.();
      };
    },
  };
  return deadline;
}

/** Waits for a promise as long as the deadline allows. Throws the signal's reason, or the deadline's error. */
export async function within<V>(promise: Promise<V>, deadline: Deadline): Promise<V> {
  let release: () => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    release = deadline.onEnd(reject);
  });
  try {
    return await Promise.race([promise, ended]);
  } finally {
    release();
  }
}
