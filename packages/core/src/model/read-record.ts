import { CorruptEventError } from "../errors/corrupt-event-error.ts";
import { FormatTooNewError } from "../errors/format-too-new-error.ts";
import { decode, NewerValue } from "../value/canonical-decode.ts";
import { seal } from "../value/seal.ts";
import { isPlain } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import { carryBytes } from "./carried-bytes.ts";
import type { DocumentId } from "./document-id.ts";
import { eventFormat, type StoredEvent } from "./event.ts";
import {
  decodeHeader,
  digestLength,
  headerLength,
  namesIn,
  place,
  RecordFault,
  UnknownPart,
} from "./header.ts";
import { isPatches } from "./patch.ts";
import { payloadState, saltLength } from "./record.ts";

/** The slot that a record was found in. */
export interface Slot {
  readonly doc: DocumentId;
  readonly version: number;
}

/** The event of a record, frozen, which carries it. Throws CorruptEventError, FormatTooNewError, which name the slot. */
export function readRecord(bytes: Uint8Array, slot: Slot, types: ValueTypes): StoredEvent {
  return orNamed(slot, () => eventIn(bytes, types));
}

/** The facts by which storages search for events. */
export type Searched = Pick<StoredEvent, "doc" | "version" | "at" | "by" | "id">;

/** The facts of a record that are searched for. Throws as `readRecord`. */
export function readSearched(bytes: Uint8Array, slot: Slot, types: ValueTypes): Searched {
  return orNamed(slot, () => {
    const header = headerIn(bytes);
    const { doc, by, id } = namesIn(header, types);
    return { doc, by, id, version: header.readDoubleBE(place.version), at: header.readDoubleBE(place.at) };
  });
}

function orNamed<R>({ doc: id, version }: Slot, read: () => R): R {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof RecordFault)
      throw new CorruptEventError({ id, version, reason: cause.message }, { cause });
    if (!(cause instanceof UnknownPart)) throw cause;
    const { format: found, message: part } = cause;
    const newer = { id, version, what: "event", found, known: eventFormat } as const;
    throw new FormatTooNewError(found > eventFormat ? newer : { ...newer, part }, { cause });
  }
}

/** The header of a record. Throws RecordFault, UnknownPart. */
function headerIn(bytes: Uint8Array): Buffer {
  const record = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const format = record[place.format] ?? 0;
  if (format < 1) throw new RecordFault("its format is unknown");
  if (format > eventFormat) throw new UnknownPart(`the format ${format}`, format);
  const end = headerLength(record);
  if (end < place.list || record.length < end + digestLength + 1) throw new RecordFault("its record is cut");
  return record.subarray(0, end);
}

/** Throws RecordFault, UnknownPart. */
function eventIn(bytes: Uint8Array, types: ValueTypes): StoredEvent {
  const record = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const header = headerIn(bytes);
  const end = header.length;
  const event = {
    hash: record.toString("base64url", end, end + digestLength),
    ...decodeHeader(header, types),
    ...readPayload(record, end + digestLength, types),
  };
  return Object.freeze(carryBytes(event, bytes));
}

type Payload = Pick<StoredEvent, "patches" | "reason" | "meta" | "given" | "list" | "salt" | "payload">;

function readPayload(record: Buffer, start: number, types: ValueTypes): Payload {
  const state = record[start];
  const salted = record.subarray(start + 1);
  const digest = record.toString("base64url", place.digest, place.digest + digestLength);
  if (state === payloadState.erased) {
    if (salted.length > 0) throw new RecordFault("its payload is marked as erased and is there");
    return { patches: Object.freeze([]), salt: "", payload: { kind: "erased", digest } };
  }
  if (state !== payloadState.whole && state !== payloadState.replaced)
    throw new UnknownPart(`the payload's state ${state}`);
  if (salted.length < saltLength) throw new RecordFault("its record is cut");
  const salt = salted.toString("base64url", 0, saltLength);
  const content = contentOf(salted.subarray(saltLength), types);
  if (state === payloadState.replaced) return { salt, payload: { kind: "replaced", digest }, ...content };
  return { salt, ...content };
}

function contentOf(bytes: Uint8Array, types: ValueTypes): Omit<Payload, "salt" | "payload"> {
  let content: unknown;
  try {
    content = seal(decode(bytes, types));
  } catch (cause) {
    if (cause instanceof NewerValue) throw new UnknownPart(cause.message);
    throw new RecordFault("its payload cannot be decoded", { cause });
  }
  if (!isPlain(content)) throw new RecordFault("its payload is no object");
  const { patches, reason, meta, given, list } = content;
  if (!isPatches(patches)) throw new RecordFault("its payload has no patches");
  if (reason !== undefined && typeof reason !== "string") throw new RecordFault("its reason is no text");
  if (meta !== undefined && !isPlain(meta)) throw new RecordFault("its meta is no object");
  if (given !== undefined && typeof given !== "string") throw new RecordFault("its given is no text");
  if (list !== undefined && !isTexts(list)) throw new RecordFault("its list holds no digests");
  return {
    patches,
    ...(reason !== undefined && { reason }),
    ...(meta !== undefined && { meta }),
    ...(given !== undefined && { given }),
    ...(list !== undefined && { list }),
  };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
