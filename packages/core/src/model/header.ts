import { hash } from "node:crypto";
import { encode, tag } from "../value/canonical.ts";
import { decode } from "../value/canonical-decode.ts";
import { isPlain } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import type { DocumentId } from "./document-id.ts";
import {
  type EventBase,
  type EventRef,
  eventFormat,
  numberOfType,
  type StoredEvent,
  typeOfNumber,
  type UnhashedEvent,
} from "./event.ts";

/*
 * The header of an event's record: all that the hash vouches for. Numbers stand at fixed places in front, so that a history is
 * followed without decoding; ids and optional fields are one canonical list behind them. docs/format.md specifies it.
 */

/** The bytes of a record are not those of an event. */
export class RecordFault extends TypeError {}

/** A record holds a part that only a newer version of the library reads; its message is the part's name. */
export class UnknownPart extends TypeError {
  /** The record's format. */
  readonly format: number;

  constructor(part: string, format: number = eventFormat) {
    super(part);
    this.format = format;
  }
}

/** The places of the fields of fixed length, in bytes. */
export const place = {
  format: 0,
  type: 1,
  flags: 2,
  headerLength: 4,
  version: 8,
  at: 16,
  schema: 24,
  digest: 28,
  list: 60,
} as const;

/** The length of a SHA-256 digest in bytes. */
export const digestLength = 32;

/** How long the header of the record at `start` is, as the record says. Not checked. */
export function headerLength(bytes: Uint8Array, start = 0): number {
  let length = 0;
  for (let i = 0; i < 4; i++) length = length * 256 + (bytes[start + place.headerLength + i] ?? 0);
  return length;
}

let scratch = Buffer.alloc(4096);

/**
 * The hash of a header behind the hash before it (empty: there is none), both as texts of one encoding. Throws TypeError where
 * the hash before it is none.
 */
export function linkOf(header: Uint8Array, previous: string, encoding: "base64url" | "binary"): string {
  const length = digestLength + header.length;
  if (scratch.length < length) scratch = Buffer.alloc(length * 2);
  if (previous === "") scratch.fill(0, 0, digestLength);
  else if (scratch.write(previous, 0, encoding) !== digestLength)
    throw new TypeError(`${digestLength} bytes are expected`);
  scratch.set(header, digestLength);
  return hash("sha256", scratch.subarray(0, length), encoding);
}

/** The optional fields in the order in which the list holds them; the flag of field n is bit n. */
const optional = ["act", "ref", "migrated", "tenant", "keyId", "base"] as const;

/** The facts of an event that its header holds. */
export type Header = Pick<
  StoredEvent,
  "format" | "type" | "version" | "at" | "schema" | "doc" | "by" | "id" | (typeof optional)[number]
>;

/** The bytes of an event's header. `digest` is the payload's. Throws TypeError for numbers that have no place in it. */
export function encodeHeader(event: UnhashedEvent, digest: Uint8Array, types: ValueTypes): Uint8Array {
  // a writer of bytes would cut them off, so that another number had the same hash
  if (!isUnsigned(event.format, 8) || !isUnsigned(event.schema, 32))
    throw new TypeError("An event's format and schema are whole numbers of 8 and 32 bits");
  const listed: unknown[] = [event.doc, event.by, event.id];
  let flags = 0;
  for (const [bit, field] of optional.entries()) {
    if (event[field] === undefined) continue;
    flags |= 1 << bit;
    listed.push(event[field]);
  }
  const list = encode(listed, types);
  const bytes = Buffer.allocUnsafe(place.list + list.length);
  bytes[place.format] = event.format;
  bytes[place.type] = numberOfType(event.type);
  bytes.writeUInt16BE(flags, place.flags);
  bytes.writeUInt32BE(bytes.length, place.headerLength);
  bytes.writeDoubleBE(event.version, place.version);
  bytes.writeDoubleBE(event.at, place.at);
  bytes.writeUInt32BE(event.schema, place.schema);
  bytes.set(digest, place.digest);
  bytes.set(list, place.list);
  return bytes;
}

function isUnsigned(value: number, bits: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** bits;
}

/** The facts in a header. Throws RecordFault, UnknownPart. */
export function decodeHeader(bytes: Uint8Array, types: ValueTypes): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const type = typeOfNumber(view.getUint8(place.type));
  if (type === undefined) throw new UnknownPart(`the type ${view.getUint8(place.type)}`);
  const flags = view.getUint16(place.flags);
  if (flags >>> optional.length !== 0) throw new UnknownPart(`the flags ${flags}`);
  const fields = optional.filter((_, bit) => (flags & (1 << bit)) !== 0);
  const list = listOf(bytes.subarray(place.list), types);
  const names = namesOf(list);
  const values = list.slice(nameCount);
  if (values.length !== fields.length) throw new RecordFault("its flags and fields do not match");
  const header: Writable<Header> = {
    format: view.getUint8(place.format),
    type,
    version: view.getFloat64(place.version),
    at: view.getFloat64(place.at),
    schema: view.getUint32(place.schema),
    ...names,
  };
  for (const [i, field] of fields.entries()) readOptional(header, field, values[i]);
  return header;
}

/** The ids in a header: the first three of its list. */
type Names = Pick<Header, "doc" | "by" | "id">;

const nameCount = 3;

/** The place of the document, behind the tag and the count of the list. */
const namesPlace = place.list + 2;

/** The document, user and id in a header. Throws RecordFault. Quick where all of them are short texts. */
export function namesIn(header: Uint8Array, types: ValueTypes): Names {
  const doc = textEnd(header, namesPlace);
  const by = textEnd(header, doc);
  const id = textEnd(header, by);
  if (!(id <= header.length)) return namesOf(listOf(header.subarray(place.list), types));
  const bytes = Buffer.from(header.buffer, header.byteOffset, header.length);
  const text = (start: number, end: number): string => bytes.toString("utf8", start + 2, end);
  return { doc: text(namesPlace, doc), by: text(doc, by), id: text(by, id) };
}

/** Where the text at a place ends, if it is one of at most 127 bytes; NaN where something else is there. */
function textEnd(bytes: Uint8Array, at: number): number {
  const length = bytes[at + 1] ?? Number.NaN;
  return bytes[at] === tag.string && length < 128 ? at + 2 + length : Number.NaN;
}

/** Whether `decodeHeader` reads a header. Quick where its list holds three short texts and nothing else. */
export function isHeader(header: Uint8Array, types: ValueTypes): boolean {
  if (holdsNamesAlone(header)) return typeOfNumber(header[place.type] ?? 0) !== undefined;
  try {
    decodeHeader(header, types);
    return true;
  } catch {
    return false;
  }
}

function holdsNamesAlone(header: Uint8Array): boolean {
  if (header[place.flags] !== 0 || header[place.flags + 1] !== 0) return false;
  if (header[place.list] !== tag.array || header[place.list + 1] !== nameCount) return false;
  return textEnd(header, textEnd(header, textEnd(header, namesPlace))) === header.length;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

function listOf(bytes: Uint8Array, types: ValueTypes): readonly unknown[] {
  let list: unknown;
  try {
    list = decode(bytes, types);
  } catch (cause) {
    throw new RecordFault("its header cannot be decoded", { cause });
  }
  if (!Array.isArray(list)) throw new RecordFault("its header holds no list");
  return list;
}

function namesOf([doc, by, id]: readonly unknown[]): Names {
  if (!isId(doc) || !isId(by)) throw new RecordFault("its doc or by is no id");
  if (typeof id !== "string") throw new RecordFault("its id is no text");
  return { doc, by, id };
}

function readOptional(header: Writable<Header>, field: (typeof optional)[number], value: unknown): void {
  if (field === "ref" && isRef(value)) header.ref = value;
  else if (field === "base" && isBase(value)) header.base = value;
  else if (field === "migrated" && typeof value === "number") header.migrated = value;
  else if (typeof value === "string" && field !== "ref" && field !== "base" && field !== "migrated")
    header[field] = value;
  else throw new RecordFault(`its ${field} has another type`);
}

function isId(value: unknown): value is DocumentId {
  return (
    typeof value === "string" || typeof value === "number" || (typeof value === "object" && value !== null)
  );
}

function isRef(value: unknown): value is EventRef {
  return isPlain(value) && typeof value.version === "number";
}

function isBase(value: unknown): value is EventBase {
  return isPlain(value) && typeof value.version === "number" && typeof value.hash === "string";
}
