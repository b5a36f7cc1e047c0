import { ConflictError } from "../errors/conflict-error.ts";
import { IndeterminateError } from "../errors/indeterminate-error.ts";
import { KeyReusedError } from "../errors/key-reused-error.ts";
import { TimeoutError } from "../errors/timeout-error.ts";
import { type DocumentId, showId } from "../model/document-id.ts";
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
  const message = `The write of ${showId(signature.user)} to document ${showId(id)} expected version ${expected}, but found version ${found.version} by ${showId(found.by)}. Read the newer state and decide again.`;
  const details = { id, expected, found: found.version, by: signature.user, foundBy: found.by };
  return new ConflictError(message, details);
}

/** Says that the outcome of a write is open: its event is under way to the slot of this version. */
export function indeterminate(
  { doc: id, signature: { eventId } }: Write,
  version: number,
  cause: unknown,
): IndeterminateError {
  const message = `The write to document ${showId(id)} ended while it was in doubt whether version ${version} was stored. Ask resolve(id, { eventId: "${eventId}", version: ${version} }).`;
  return new IndeterminateError(message, { id, eventId, version }, { cause });
}

/** The error of a write that ended before anything of it was sent: a write whose time was up may be tried again. */
export function notStored({ doc: id }: Write, error: unknown): unknown {
  if (!(error instanceof TimeoutError)) return error;
  const message = `${error.message} Nothing of it was stored, so it may be tried again.`;
  return new TimeoutError(message, { ...error.details, id }, { cause: error.cause });
}

/** Says that an idempotency key belongs to another act. */
export function keyReused({ doc: id }: Write, event: StoredEvent): KeyReusedError {
  const { id: eventId, version, type, by } = event;
  const message = `The key given for document ${showId(id)} was used before for another act: version ${version}, ${type} by ${showId(by)}. Use a new key for each act.`;
  return new KeyReusedError(message, { id, eventId, version });
}
