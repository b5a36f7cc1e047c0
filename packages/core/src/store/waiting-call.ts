import { IndeterminateError } from "../errors/indeterminate-error.ts";
import type { Folded } from "../fold/folded.ts";
import { type DocumentId, showId } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import type { Act } from "./act.ts";
import type { Signature } from "./build-event.ts";
import type { Limit } from "./limit.ts";
import type { ViewState } from "./view-keeper.ts";

/** What a write came to: the document afterwards, and its event where one was stored. */
export interface Applied {
  readonly folded: Folded;
  readonly event?: StoredEvent;
  readonly view: ViewState;
}

/** What a write asks of its document's queue. */
export interface WriteRequest {
  readonly doc: DocumentId;
  readonly act: Act;
  readonly signature: Signature;
  /** Whether the event's id was derived from an idempotency key. */
  readonly keyed: boolean;
  readonly expectedVersion: number | undefined;
  readonly acceptFutureHead: boolean;
  readonly limit: Limit;
}

/** A write in its document's queue. Settled once: by its outcome, or when its time is up. */
export interface WaitingCall extends WriteRequest {
  /** How often another writer was first. */
  conflicts: number;
  /** The slot that its event was sent to, while the outcome is open. */
  sentTo: number | undefined;
  /** Whether its key was looked up. */
  looked: boolean;
  readonly settled: () => boolean;
  readonly succeed: (applied: Applied) => void;
  readonly fail: (error: unknown) => void;
  /** Fails where nothing is under way; else the outcome is open, and the error says so. */
  readonly giveUp: (error: unknown) => void;
}

/** A call that waits, and the promise of its outcome. */
export function waitingCall(request: WriteRequest): {
  readonly call: WaitingCall;
  readonly outcome: Promise<Applied>;
} {
  let settled = false;
  let resolve: (applied: Applied) => void;
  let reject: (error: unknown) => void;
  const outcome = new Promise<Applied>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  const settle = (how: () => void): void => {
    if (settled) return;
    settled = true;
    release();
    how();
  };
  const call: WaitingCall = {
    ...request,
    conflicts: 0,
    sentTo: undefined,
    looked: !request.keyed,
    settled: () => settled,
    succeed: (applied) => settle(() => resolve(applied)),
    fail: (error) => settle(() => reject(error)),
    // a call that ends while its event is under way may be stored all the same: then the outcome is open, never
    // a failure
    giveUp: (error) => call.fail(call.sentTo === undefined ? error : indeterminate(call, error)),
  };
  const release = request.limit.onEnd(call.giveUp);
  return { call, outcome };
}

function indeterminate(call: WaitingCall, cause: unknown): IndeterminateError {
  const { doc: id, signature, sentTo } = call;
  const { eventId } = signature;
  const version = sentTo as number;
  const message = `The write to document ${showId(id)} ended while it was in doubt whether version ${version} was stored. Ask resolve(id, { eventId: "${eventId}", version: ${version} }).`;
  return new IndeterminateError(message, { id, eventId, version }, { cause });
}
