import {
  CorruptEventError,
  decode,
  type EventRef,
  eventFormat,
  isPatches,
  isPlain,
  payloadBytes,
  rememberPayload,
  type StoredEvent,
  type StoredEventType,
} from "@everdraft/core/adapter";
import { types } from "../capabilities.ts";
import type { Bound } from "../engine/engine.ts";
import { idText } from "../id-text.ts";

/** An event as its table holds it. */
export interface EventRow {
  readonly id: string;
  readonly doc: string;
  readonly version: number;
  readonly at: number;
  readonly by: string;
  readonly type: StoredEventType;
  readonly act: string | null;
  readonly ref: string | null;
  readonly schema: number;
  readonly migrated: number | null;
  readonly salt: string;
  readonly hash: string;
  readonly format: number;
  readonly payload: Uint8Array;
}

/** The columns, in the order of `eventValues`. */
export const eventColumns =
  'id, doc, version, at, "by", type, act, ref, schema, migrated, salt, hash, format, payload' as const;

/** The values to bind to store an event. */
export function eventValues(event: StoredEvent): readonly Bound[] {
  return [
    event.id,
    idText(event.doc),
    event.version,
    event.at,
    idText(event.by),
    event.type,
    event.act ?? null,
    event.ref === undefined ? null : JSON.stringify(event.ref),
    event.schema,
    event.migrated ?? null,
    event.salt,
    event.hash,
    event.format,
    payloadBytes(event, types),
  ];
}

/**
 * The event of a row. Throws CorruptEventError where it cannot be read; its hash tells whether it is the event that was
 * stored. An unreadable one of a newer format is given back without patches, so that its format can be refused.
 */
export function eventOf(row: EventRow): StoredEvent {
  // field by field: taking some out and spreading the rest takes a third of the time of reading a history
  const { id, doc, version, at, by, type, act, ref, schema, migrated, salt, hash, format, payload } = row;
  const { patches, reason, meta, given } = format > eventFormat ? readNewerPayload(row) : readPayload(row);
  const event = {
    id,
    doc,
    version,
    at,
    by,
    type,
    schema,
    salt,
    hash,
    format,
    patches,
    ...(act !== null && { act }),
    ...(ref !== null && { ref: readRef(row, ref) }),
    ...(migrated !== null && { migrated }),
    ...(reason !== undefined && { reason }),
    ...(meta !== undefined && { meta }),
    ...(given !== undefined && { given }),
  };
  rememberPayload(event, payload);
  return event;
}

type Payload = Pick<StoredEvent, "patches" | "reason" | "meta" | "given">;

function readPayload(row: EventRow): Payload {
  const payload = decoded(row);
  if (!isPlain(payload)) throw corrupt(row, "its payload is no object");
  const { patches, reason, meta, given } = payload;
  if (!isPatches(patches)) throw corrupt(row, "its payload has no patches");
  if (reason !== undefined && typeof reason !== "string") throw corrupt(row, "its reason is no text");
  if (meta !== undefined && !isPlain(meta)) throw corrupt(row, "its meta is no object");
  if (given !== undefined && typeof given !== "string") throw corrupt(row, "its given is no text");
  return {
    patches: Object.freeze(patches),
    ...(reason !== undefined && { reason }),
    ...(meta !== undefined && { meta }),
    ...(given !== undefined && { given }),
  };
}

function readNewerPayload(row: EventRow): Payload {
  try {
    return readPayload(row);
  } catch {
    return { patches: Object.freeze([]) };
  }
}

function decoded(row: EventRow): unknown {
  try {
    return decode(row.payload, types);
  } catch (cause) {
    throw corrupt(row, "its payload cannot be decoded", cause);
  }
}

function readRef(row: EventRow, text: string): EventRef {
  let ref: unknown;
  try {
    ref = JSON.parse(text);
  } catch (cause) {
    throw corrupt(row, "its ref is no JSON", cause);
  }
  if (!isRef(ref)) throw corrupt(row, "its ref has no version");
  return ref;
}

function isRef(value: unknown): value is EventRef {
  return isPlain(value) && typeof value.version === "number";
}

function corrupt({ id, doc, version }: EventRow, reason: string, cause?: unknown): CorruptEventError {
  return new CorruptEventError({ id: doc, version, reason, eventId: id }, { cause });
}
