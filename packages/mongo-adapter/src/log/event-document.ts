import {
  CorruptEventError,
  type DocumentId,
  type EventBase,
  type EventRef,
  eventFormat,
  isPatches,
  isPlain,
  isStoredEventType,
  type PayloadGone,
  type PlainObject,
  type StoredEvent,
  type StoredEventType,
} from "@everdraft/core/adapter";
import { documentFromBson, listToBson, objectToBson } from "../bson/bson.ts";
import { numberOf, textOf, timeOf } from "../bson/bson-values.ts";
import { idOf } from "../bson/id-kinds.ts";
import type { Read } from "../connection/driver.ts";

/** An event as its collection holds it: flat, so that a person can ask for it by hand. */
export interface EventDocument {
  readonly _id: string;
  readonly doc: DocumentId;
  readonly version: number;
  readonly at: Date;
  readonly by: DocumentId;
  readonly type: StoredEventType;
  readonly act?: string;
  readonly ref?: { readonly version: number; readonly at?: Date; readonly event?: string };
  /** The patches in BSON's form. */
  readonly patches: readonly unknown[];
  readonly schema: number;
  readonly migrated?: number;
  readonly reason?: string;
  readonly meta?: PlainObject | ReadonlyMap<string, unknown>;
  readonly given?: string;
  readonly list?: readonly string[];
  readonly payload?: PayloadGone;
  readonly tenant?: string;
  readonly keyId?: string;
  readonly base?: EventBase;
  readonly salt: string;
  readonly hash: string;
  readonly format: number;
}

/** The document of an event. Throws ValueError for a value that MongoDB cannot give back. */
export function eventDocument(event: StoredEvent): EventDocument {
  const { id, at, ref, act, migrated, reason, meta, given, list, payload, tenant, keyId, base } = event;
  const { doc, version, by, type, patches, schema, salt, hash, format } = event;
  return {
    _id: id,
    doc,
    version,
    at: new Date(at),
    by,
    type,
    ...(act !== undefined && { act }),
    ...(ref !== undefined && { ref: refDocument(ref) }),
    patches: listToBson(patches),
    schema,
    ...(migrated !== undefined && { migrated }),
    ...(reason !== undefined && { reason }),
    ...(meta !== undefined && { meta: objectToBson(meta) }),
    ...(given !== undefined && { given }),
    ...(list !== undefined && { list }),
    ...(payload !== undefined && { payload }),
    ...(tenant !== undefined && { tenant }),
    ...(keyId !== undefined && { keyId }),
    ...(base !== undefined && { base }),
    salt,
    hash,
    format,
  };
}

function refDocument({ version, at, event }: EventRef): NonNullable<EventDocument["ref"]> {
  return { version, ...(at !== undefined && { at: new Date(at) }), ...(event !== undefined && { event }) };
}

/**
 * The event of a document. Throws CorruptEventError where it cannot be read; its hash tells whether it is the event that
 * was stored. An unreadable one of a newer format is given back without patches, so that its format can be refused.
 */
export function eventOf(document: Read<EventDocument>): StoredEvent {
  const read: Read<EventDocument> = documentFromBson(document);
  const version = numberOf(read.version);
  const format = numberOf(read.format);
  const fault = (reason: string): CorruptEventError => corrupt(read, version, reason);
  if (typeof read._id !== "string") throw fault("its id is no text");
  const [doc, by, at] = [idOf(read.doc), idOf(read.by), timeOf(read.at)];
  if (doc === undefined || by === undefined) throw fault("its doc or by is no id");
  if (!Number.isFinite(at)) throw fault("its at is no date");
  const { act, ref, migrated, tenant, keyId } = read;
  return {
    id: read._id,
    doc,
    version,
    at,
    by,
    type: typeOf(read.type, format, fault),
    ...(act !== undefined && { act: textOf(act) }),
    ...(ref !== undefined && { ref: refOf(ref, fault) }),
    ...(format > eventFormat ? newerPayload(read) : payloadOf(read, fault)),
    schema: numberOf(read.schema),
    ...(migrated !== undefined && { migrated: numberOf(migrated) }),
    ...(tenant !== undefined && { tenant: textOf(tenant) }),
    ...(keyId !== undefined && { keyId: textOf(keyId) }),
    ...(read.base !== undefined && { base: baseOf(read.base, fault) }),
    ...(read.payload !== undefined && { payload: goneOf(read.payload, fault) }),
    salt: textOf(read.salt),
    hash: textOf(read.hash),
    format,
  };
}

/** The type of an event. One of a newer format may have a type that is not known here: it is refused for its format. */
function typeOf(type: unknown, format: number, fault: (reason: string) => Error): StoredEventType {
  if (isStoredEventType(type)) return type;
  if (format > eventFormat) return "blank";
  throw fault("its type is none that an event has");
}

type Payload = Pick<StoredEvent, "patches" | "reason" | "meta" | "given" | "list">;

function payloadOf(
  { patches, reason, meta, given, list }: Read<EventDocument>,
  fault: (reason: string) => Error,
): Payload {
  if (!isPatches(patches)) throw fault("its patches are no list of patches");
  if (reason !== undefined && typeof reason !== "string") throw fault("its reason is no text");
  if (meta !== undefined && !isPlain(meta)) throw fault("its meta is no object");
  if (given !== undefined && typeof given !== "string") throw fault("its given is no text");
  if (list !== undefined && !Array.isArray(list)) throw fault("its list is no list");
  return {
    patches: Object.freeze(patches),
    ...(reason !== undefined && { reason }),
    ...(meta !== undefined && { meta }),
    ...(given !== undefined && { given }),
    ...(list !== undefined && { list: list.map(textOf) }),
  };
}

function newerPayload(document: Read<EventDocument>): Payload {
  try {
    return payloadOf(document, () => new TypeError());
  } catch {
    return { patches: Object.freeze([]) };
  }
}

function baseOf(base: unknown, fault: (reason: string) => Error): EventBase {
  if (!isPlain(base)) throw fault("its base is no object");
  return { version: numberOf(base.version), hash: textOf(base.hash) };
}

function goneOf(payload: unknown, fault: (reason: string) => Error): PayloadGone {
  if (!isPlain(payload) || (payload.kind !== "erased" && payload.kind !== "replaced"))
    throw fault("its payload is neither erased nor replaced");
  return { kind: payload.kind, digest: textOf(payload.digest) };
}

function refOf(ref: unknown, fault: (reason: string) => Error): EventRef {
  if (!isPlain(ref)) throw fault("its ref is no object");
  const { version, at, event } = ref;
  return {
    version: numberOf(version),
    ...(at !== undefined && { at: timeOf(at) }),
    ...(event !== undefined && { event: textOf(event) }),
  };
}

function corrupt({ _id, doc }: Read<EventDocument>, version: number, reason: string): CorruptEventError {
  return new CorruptEventError({
    id: doc,
    version,
    reason,
    ...(typeof _id === "string" && { eventId: _id }),
  });
}
