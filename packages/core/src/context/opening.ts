import { StorageBusyError } from "../errors/storage-busy-error.ts";
import { TimeoutError } from "../errors/timeout-error.ts";
import type { Call } from "../port/call.ts";
import { type Deadline, within } from "../port/deadline.ts";
import type { StoredCollection } from "../port/storage.ts";

/** How long one try to open a collection may take, whoever waits for it. */
const openingMs = 10_000;

/**
 * Opens a collection once for all calls of a store, with a deadline of its own: neither the time nor the signal of the
 * call that comes first decides for the others. An opening that failed is tried again by the next call. Where it only
 * took too long, waiting calls that have time left try it again too.
 */
export function createOpening(
  open: (call: Call) => Promise<StoredCollection>,
): (deadline: Deadline) => Promise<StoredCollection> {
  let opened: StoredCollection | undefined;
  let opening: Promise<StoredCollection> | undefined;
  const tryOnce = (): Promise<StoredCollection> => {
    opening ??= open({ timeoutMs: openingMs }).then(
      (collection) => {
        opened = collection;
        return collection;
      },
      (error) => {
        opening = undefined;
        throw error;
      },
    );
    return opening;
  };
  return async (given) => {
    if (opened !== undefined) return opened;
    const deadline = given.ofStep();
    for (;;) {
      if (opened !== undefined) return opened;
      deadline.call();
      try {
        return await within(tryOnce(), deadline);
      } catch (error) {
        const tookLong = error instanceof StorageBusyError || error instanceof TimeoutError;
        if (!tookLong || deadline.remaining() === 0) throw error;
      }
    }
  };
}
