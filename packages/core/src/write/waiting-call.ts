import { AsyncResource } from "node:async_hooks";
import type { Act } from "../acts/act.ts";
import { TimeoutError } from "../errors/timeout-error.ts";
import type { Folded } from "../fold/folded.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import type { Deadline } from "../port/deadline.ts";
import type { ViewState } from "../views/view-keeper.ts";
import type { Signature } from "./build-event.ts";
import { conflict, indeterminate, notStored } from "./write-errors.ts";

/** The result of a write: the document afterwards, and its event where one was stored. */
export interface Applied {
  readonly folded: Folded;
  readonly event?: StoredEvent;
  readonly view: ViewState;
  /** Whether an earlier call under the same key stored the event. */
  readonly repeated?: boolean;
}

/** The request of a write to its document's queue. */
export interface WriteRequest {
  readonly doc: DocumentId;
  readonly act: Act;
  readonly signature: Signature;
  /** Whether the event's id was derived from an idempotency key. */
  readonly keyed: boolean;
  readonly expectedVersion: number | undefined;
  /** How often it is run again when another writer was first; undefined: until its time is up. */
  readonly retries: number | undefined;
  readonly acceptFutureHead: boolean;
  readonly deadline: Deadline;
}

/** The event of another writer in the slot of this call's own. */
interface Occupant {
  readonly version: number;
  readonly by: DocumentId;
}

/** A write in its document's queue. Settled once: by its outcome, or when its time is up. */
export interface WaitingCall extends WriteRequest {
  /** The milliseconds that it had when it began to wait. */
  readonly time: number;
  /** When it was last decided, by performance.now(). */
  triedAt: number;
  /** How often another writer was first. */
  conflicts: number;
  /** Who was first the last time. */
  occupant: Occupant | undefined;
  /** The slot that its event was sent to, while the outcome is open. */
  sentTo: number | undefined;
  /** The last answer that left the outcome open. */
  doubt: unknown;
  /** Whether its key was looked up. */
  looked: boolean;
  /** Runs the caller's own functions in the async context of the call. */
  readonly inContext: <R>(work: () => R) => R;
  /** Whether it has its outcome. */
  settled: boolean;
  readonly succeed: (applied: Applied) => void;
  readonly fail: (error: unknown) => void;
  /** Fails where nothing is under way; else the outcome is open, and the error says so. */
  readonly giveUp: (error: unknown) => void;
}

/** A call that waits, and the promise of its outcome. */
export function waitingCall(request: WriteRequest): {
  readonly caller: WaitingCall;
  readonly outcome: Promise<Applied>;
} {
  let resolve: (applied: Applied) => void;
  let reject: (error: unknown) => void;
  const outcome = new Promise<Applied>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  const context = new AsyncResource("everdraft.write");
  // a promise is settled by its first outcome, and those that come later do nothing
  const settle = (how: () => void): void => {
    caller.settled = true;
    release();
    how();
  };
  const caller: WaitingCall = {
    time: request.deadline.remaining(),
    triedAt: performance.now(),
    conflicts: 0,
    occupant: undefined,
    sentTo: undefined,
    doubt: undefined,
    looked: !request.keyed,
    inContext: context.runInAsyncScope.bind(context),
    settled: false,
    succeed: (applied) => settle(() => resolve(applied)),
    fail: (error) => settle(() => reject(error)),
    giveUp: (error) => caller.fail(failureOf(caller, error)),
    ...request,
  };
  const release = request.deadline.onEnd(caller.giveUp);
  return { caller, outcome };
}

/**
 * A call that ends while its event is under way may be stored all the same: then the outcome is open, never a failure.
 * One whose time went by in conflicts says so.
 */
function failureOf(caller: WaitingCall, error: unknown): unknown {
  if (caller.sentTo !== undefined) return indeterminate(caller, caller.sentTo, caller.doubt ?? error);
  if (caller.occupant !== undefined && error instanceof TimeoutError)
    return conflict(caller, caller.occupant.version - 1, caller.occupant);
  return notStored(caller, error);
}

/**
 * How long a call waits after a conflict, in milliseconds: at random, up to four times the length of a try and so much more with
 * every conflict, so that the many who want one slot come one after another; less the less time is left, so that who waits
 * longest comes soonest, and at most three quarters of that. On a server that answers fifty at once slowly the first tries
 * take long, and whoever waits less than this meets all the others again.
 */
export function pauseOf({
  conflicts,
  deadline,
  time,
  triedAt,
}: Pick<WaitingCall, "conflicts" | "deadline" | "time" | "triedAt">): number {
  const left = deadline.remaining();
  const urgency = Math.min(1, left / Math.max(1, time));
  const longest = (performance.now() - triedAt) * 4 * conflicts * urgency;
  return Math.random() * Math.min(left * 0.75, longest);
}
