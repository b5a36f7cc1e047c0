import { ConflictError } from "../errors/conflict-error.ts";
import { IndeterminateError } from "../errors/indeterminate-error.ts";
import { KeyReusedError } from "../errors/key-reused-error.ts";
import { TimeoutError } from "../errors/timeout-error.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import type { Signature } from "./build-event.ts";

/** A write, as its errors tell of it. */
interface Write {
  readonly doc: DocumentId;
  readonly signature: Signature;
}

/** Says that another writer has the version. */
export function conflict(
  { doc: id, signature }: Write,
  expected: number,
  found: { readonly version: number; readonly by: DocumentId },
): ConflictError {
  return new ConflictError({ id, expected, found: found.version, by: signature.user, foundBy: found.by });
}

/** Says that the outcome of a write is open: its event is under way to the slot of this version. */
export function indeterminate(
  { doc: id, signature: { eventId } }: Write,
  version: number,
  cause: unknown,
): IndeterminateError {
  return new IndeterminateError({ id, eventId, version }, { cause });
}

/** The error of a write that ended before anything of it was sent: a write whose time was up may be tried again. */
export function notStored({ doc: id }: Write, error: unknown): unknown {
  if (!(error instanceof TimeoutError)) return error;
  return new TimeoutError({ ...error.details, id, stored: "nothing" }, { cause: error.cause });
}

/** Says that an idempotency key belongs to another act. */
export function keyReused({ doc: id }: Write, event: StoredEvent): KeyReusedError {
  const { id: eventId, version, type, by } = event;
  return new KeyReusedError({ id, eventId, version, type, by });
}
