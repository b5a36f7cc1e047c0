import { CorruptEventError } from "../errors/corrupt-event-error.ts";
import { ErasedError } from "../errors/erased-error.ts";
import { FormatTooNewError } from "../errors/format-too-new-error.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";
import { eventFormat, type StoredEvent } from "../model/event.ts";
import { eventBytes, linkedBytes } from "../model/record.ts";
import { applyPatches, isPath } from "../patch/apply-patches.ts";
import { seal } from "../value/seal.ts";
import { isPlain, type PlainObject } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import type { Folded } from "./folded.ts";
import type { Stamp } from "./stamp.ts";

/**
 * The document after the events, which carry on where `start` ends. Runs no user code. Throws
 * CorruptEventError, ErasedError, FormatTooNewError.
 */
export function fold(
  start: Folded,
  events: readonly StoredEvent[],
  doc: DocumentId,
  types: ValueTypes,
): Folded {
  if (events.length === 0) return start;
  const owned = new Set<object>();
  let { state, lastAt, since }: Folded = start;
  let stamp: Stamp = start;
  for (const event of events) {
    const fault = faultOf(event, { version: stamp.version, lastAt }, doc);
    if (fault !== undefined) throw corrupt(event, { doc, version: stamp.version + 1 }, fault);
    const bytes = bytesOrNothing(event, stamp.hash, types);
    if (bytes === undefined)
      throw corrupt(event, { doc, version: event.version }, "its hash does not match what it holds");
    refuseErased(event, doc);
    state = applyEvent(state, event, doc, owned);
    stamp = stampAfter(stamp, event);
    lastAt = event.at;
    since += bytes;
  }
  return { state: seal(state), lastAt, since, ...stamp };
}

/** The stamp after an event. A blank is nothing that readers are told of. */
function stampAfter(before: Stamp, { type, version, hash, schema, at, by, id: eventId }: StoredEvent): Stamp {
  if (type !== "blank") return { version, hash, schema, changed: version, at, by, eventId };
  const { changed, at: changedAt, by: changedBy, eventId: changedId } = before;
  return { version, hash, schema, changed, at: changedAt, by: changedBy, eventId: changedId };
}

/**
 * The document after one event that this process has just made on `start`, so that nothing needs to be
 * checked again.
 */
export function carryOn(start: Folded, event: StoredEvent, doc: DocumentId, types: ValueTypes): Folded {
  const state = seal(applyEvent(start.state, event, doc, new Set()));
  const since = start.since + eventBytes(event, types);
  return { state, lastAt: event.at, since, ...stampAfter(start, event) };
}

/** The facts of the event before, which the next event has to fit. */
type Link = Pick<Folded, "version" | "lastAt">;

/** The fault of an event as the next one after `previous`, or undefined. Throws FormatTooNewError. */
function faultOf(event: StoredEvent, previous: Link, doc: DocumentId): string | undefined {
  if (!Number.isInteger(event.format) || event.format < 1) return "its format is unknown";
  refuseNewer(doc, event);
  if (event.version !== previous.version + 1) return `version ${previous.version + 1} is missing before it`;
  if (idKey(event.doc) !== idKey(doc)) return "it belongs to another document";
  if (!Array.isArray(event.patches) || !event.patches.every((patch) => isPath(patch?.path)))
    return "it has no patches";
  if (!(event.at >= previous.lastAt)) return "its time is before that of the event before it";
  return undefined;
}

// a damaged event may hold a value that has no canonical bytes at all
function bytesOrNothing(event: StoredEvent, previous: string, types: ValueTypes): number | undefined {
  try {
    return linkedBytes(event, previous, types);
  } catch {
    return undefined;
  }
}

function applyEvent(
  state: PlainObject | undefined,
  event: StoredEvent,
  doc: DocumentId,
  owned: Set<object>,
): PlainObject | undefined {
  let after: unknown;
  try {
    after = applyPatches(state, event.patches, owned);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw corrupt(event, { doc, version: event.version }, reason, cause);
  }
  if (after === undefined || isPlain(after)) return after;
  throw corrupt(event, { doc, version: event.version }, "it leaves something that is no state");
}

function corrupt(
  event: StoredEvent,
  place: { readonly doc: DocumentId; readonly version: number },
  reason: string,
  cause?: unknown,
): CorruptEventError {
  const { doc, version } = place;
  return new CorruptEventError({ id: doc, version, reason, eventId: event.id }, { cause });
}

/** Throws ErasedError for an event whose patches were taken away. */
function refuseErased({ id: eventId, version, payload }: StoredEvent, doc: DocumentId): void {
  if (payload?.kind === "erased") throw new ErasedError({ id: doc, version, eventId });
}

/** Throws FormatTooNewError for an event whose meaning only a newer version of the library knows. */
export function refuseNewer(doc: DocumentId, event: StoredEvent): void {
  const { id: eventId, format: found, version } = event;
  const newer = { id: doc, what: "event", eventId, version, found, known: eventFormat } as const;
  if (found > eventFormat) throw new FormatTooNewError(newer);
  const part = newerPart(event);
  if (part !== undefined) throw new FormatTooNewError({ ...newer, part });
}

/** A part of an event that this version of the library knows and does not follow yet. */
function newerPart({ tenant, keyId, base, list, payload }: StoredEvent): string | undefined {
  if (tenant !== undefined) return "a tenant";
  if (keyId !== undefined) return "an encrypted payload";
  if (base !== undefined) return "a base";
  if (list !== undefined) return "a list of digests";
  return payload?.kind === "replaced" ? "a replaced payload" : undefined;
}
