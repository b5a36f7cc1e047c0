import { TimeoutError } from "../errors/timeout-error.ts";
import type { Call } from "../port/call.ts";
import { type Deadline, renewedDeadline, startDeadline } from "../port/deadline.ts";
import type { CallOptions } from "./options.ts";

const defaultMs = 10_000;

/** The deadline of one call of the store. `id` is the document for messages; undefined for calls over several. */
export function deadlineOfCall(options: CallOptions | undefined, id?: unknown): Deadline {
  return startDeadline(boundsOf(options), timeoutError(options, id));
}

/**
 * The deadline of a listing or other long work: each of its storage calls may take the whole time, so slow
 * readers are not cut off.
 */
export function deadlineOfEach(options: CallOptions | undefined): Deadline {
  return renewedDeadline(boundsOf(options), timeoutError(options, undefined));
}

function boundsOf({ timeoutMs = defaultMs, signal }: CallOptions = {}): Call {
  return signal === undefined ? { timeoutMs } : { timeoutMs, signal };
}

function timeoutError({ timeoutMs = defaultMs }: CallOptions = {}, id: unknown): () => TimeoutError {
  return () => new TimeoutError({ id, timeoutMs });
}
