import { setMaxListeners } from "node:events";
import { type Call, type Deadline, startDeadline, TimeoutError } from "@everdraft/core/adapter";

/** The deadline of a call that takes several commands. */
export interface CommandsDeadline extends Deadline {
  /** The time that the call was given, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends reads when the time is up or the caller gives up. Writes that were sent go on. */
  readonly signal: AbortSignal;
  /** Milliseconds that are left, at least 1: the driver takes 0 for no limit. */
  left(): number;
  /** Whether the time is up. */
  over(): boolean;
}

/**
 * Gives work the time of a call. The driver has no limit of its own over all that an operation does, so that
 * work which takes longer is left alone, to end whenever it does. Throws TimeoutError, or the signal's reason.
 */
export async function withinTime<R>(
  operation: string,
  call: Call,
  work: (deadline: CommandsDeadline) => Promise<R>,
): Promise<R> {
  const { timeoutMs } = call;
  const remedy =
    "Look whether the server can be reached, and why it is slow, or give the call more timeoutMs.";
  const late = () => new TimeoutError({ id: undefined, timeoutMs, operation, where: "in MongoDB", remedy });
  const deadline = startDeadline(call, late);
  const ending = new AbortController();
  // some calls read in several places at once
  setMaxListeners(0, ending.signal);
  let release: () => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    release = deadline.onEnd((error) => {
      ending.abort(error);
      reject(error);
    });
  });
  const left = (): number => Math.max(1, Math.ceil(deadline.remaining()));
  const over = (): boolean => deadline.remaining() === 0;
  try {
    return await Promise.race([work({ ...deadline, timeoutMs, signal: ending.signal, left, over }), ended]);
  } finally {
    release();
  }
}
