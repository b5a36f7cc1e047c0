import type { Decision } from "../acts/act.ts";
import type { Resources } from "../context/resources.ts";
import { ClockSkewError } from "../errors/clock-skew-error.ts";
import { TooLargeError } from "../errors/too-large-error.ts";
import { carryOn } from "../fold/fold.ts";
import type { Folded } from "../fold/folded.ts";
import type { DocumentId } from "../model/document-id.ts";
import { eventFormat, type StoredEvent, type UnhashedEvent } from "../model/event.ts";
import { eventBytes, newSalt, sealEvent } from "../model/record.ts";
import { seal } from "../value/seal.ts";
import { sizeOf } from "../value/size.ts";
import type { PlainObject } from "../value/value.ts";

/** Who writes, why, and under which id. */
export interface Signature {
  readonly eventId: string;
  readonly user: DocumentId;
  readonly reason: string | undefined;
  readonly meta: PlainObject | undefined;
  /** With an idempotency key: the digest of the call's argument, under an event's salt. Throws the error that refuses it. */
  readonly given?: ((salt: string) => string) | undefined;
}

/** An event that was decided on, and is not made yet. */
export interface PlannedEvent {
  readonly doc: DocumentId;
  readonly decision: Decision;
  readonly signature: Signature;
  /** Its time, in milliseconds. */
  readonly at: number;
}

/** The next event of a document, and the document after it. */
export interface BuiltEvent {
  readonly event: StoredEvent;
  readonly folded: Folded;
}

/** Makes the event for the slot behind `base`. Throws TooLargeError. */
export function buildEvent({ types, limits }: Resources, base: Folded, planned: PlannedEvent): BuiltEvent {
  const { doc, decision, signature, at } = planned;
  const { type, schema, migrated, ref, act } = decision;
  const { reason = decision.reason, meta } = signature;
  const salt = newSalt();
  const given = signature.given?.(salt);
  const unhashed: UnhashedEvent = {
    id: signature.eventId,
    doc,
    version: base.version + 1,
    at,
    by: signature.user,
    type,
    ...(act !== undefined && { act }),
    ...(ref !== undefined && { ref }),
    patches: seal(decision.patches),
    schema,
    ...(migrated !== undefined && { migrated }),
    ...(reason !== undefined && { reason }),
    ...(meta !== undefined && { meta }),
    ...(given !== undefined && { given }),
    salt,
    format: eventFormat,
  };
  const event = sealEvent(unhashed, base.hash, types);
  checkSize("event", eventBytes(event, types), limits.eventBytes, doc);
  const folded = carryOn(base, event, doc, types);
  if (folded.state !== undefined) checkSize("state", sizeOf(folded.state, types), limits.stateBytes, doc);
  return { event, folded };
}

function checkSize(what: "event" | "state", bytes: number, limit: number, doc: DocumentId): void {
  if (bytes > limit) throw new TooLargeError({ what, bytes, limit, id: doc });
}

const farAhead = 60_000;

/**
 * The time of the event behind `base`: the clock's, but never before the event before it, so that a date
 * always selects a prefix of the log. Throws ClockSkewError where the head is far ahead of a server's clock
 * and the caller does not accept that.
 */
export function nextTime(
  resources: Resources,
  doc: DocumentId,
  base: Folded,
  acceptFutureHead: boolean,
): number {
  const { clock, notice } = resources;
  const now = clock.now();
  if (base.lastAt <= now) return now;
  if (clock.fromServer && base.lastAt > now + farAhead && !acceptFutureHead)
    throw clockSkew(doc, base.lastAt, now);
  if (base.lastAt > now + farAhead)
    notice({ type: "future-head", id: doc, version: base.version, at: new Date(base.lastAt) });
  return base.lastAt;
}

function clockSkew(doc: DocumentId, headAt: number, now: number): ClockSkewError {
  return new ClockSkewError({
    id: doc,
    headAt: new Date(headAt).toISOString(),
    now: new Date(now).toISOString(),
  });
}
