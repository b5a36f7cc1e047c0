import type { Call } from "@everdraft/core/adapter";

/** What is left of a call's time, for calls that take several commands. */
export interface Deadline {
  /** The call. */
  readonly call: Call;
  /** Milliseconds that are left, at least 1: the driver takes 0 for no limit. */
  left(): number;
  /** Whether the time is up. */
  over(): boolean;
}

/** Starts the time of a call. */
export function startDeadline(call: Call): Deadline {
  const end = performance.now() + call.timeoutMs;
  const left = (): number => Math.max(1, Math.ceil(end - performance.now()));
  return { call, left, over: () => performance.now() >= end };
}
