/*
 * BSON's own values, known by their marks and not by their classes: a program may hold several copies of bson, and the
 * values of all of them are the same bytes.
 */

/** An ObjectId of any copy of bson. */
export interface MongoObjectId {
  /** The mark. */
  readonly _bsontype: "ObjectId";
  /** The 12 bytes in hexadecimal. */
  toHexString(): string;
}

/** A UUID of any copy of bson. */
export interface MongoUuid {
  /** The mark, that of bytes with a subtype. */
  readonly _bsontype: "Binary";
  /** The subtype: 4. */
  readonly sub_type: number;
  /** The 16 bytes in hexadecimal, with dashes. */
  toHexString(includeDashes?: boolean): string;
}

/** The bytes of an ObjectId. */
export interface ObjectIdValue {
  readonly id: Uint8Array;
}

/** Subtypes of bytes that have a form of their own. */
export const binarySubtype = { plain: 0, uuid: 4 } as const;

/** Bytes with a subtype. */
export interface BinaryValue {
  readonly sub_type: number;
  readonly buffer: Uint8Array;
  readonly position: number;
}

/** A whole number of 64 bits, in two halves. */
export interface LongValue {
  readonly high: number;
  readonly low: number;
}

/** A decimal number of 128 bits. */
export interface DecimalValue {
  readonly bytes: Uint8Array;
}

/** Set on the prototypes of its values by every bson from 5 on; its driver takes no others. */
const versionMark = Symbol.for("@@mdb.bson.version");

/** The mark of a value of any copy of bson; undefined for everything else. */
export function bsonType(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (typeof Reflect.get(value, versionMark) !== "number") return undefined;
  const mark: unknown = Reflect.get(value, "_bsontype");
  return typeof mark === "string" ? mark : undefined;
}

/** A field of a value that may be anything. */
function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function hasBytes(value: unknown, name: string, length?: number): boolean {
  const bytes = field(value, name);
  return bytes instanceof Uint8Array && (length === undefined || bytes.length === length);
}

/** Whether a value is an ObjectId; its bytes are in `id`. */
export function isObjectId(value: unknown): value is ObjectIdValue {
  return bsonType(value) === "ObjectId" && hasBytes(value, "id", 12);
}

/** Whether a value is bytes with a subtype, UUIDs included. */
export function isBinary(value: unknown): value is BinaryValue {
  return bsonType(value) === "Binary" && hasBytes(value, "buffer");
}

/** Whether a value is a UUID: 16 bytes of subtype 4, which a driver always reads as one. */
export function isUuid(value: unknown): value is BinaryValue {
  return isBinary(value) && value.sub_type === binarySubtype.uuid && value.position === 16;
}

/** Whether a value is a Long. An unsigned one is none: it would come back signed. */
export function isLong(value: unknown): value is LongValue {
  return bsonType(value) === "Long" && field(value, "unsigned") === false;
}

/** Whether a value is a Decimal128. */
export function isDecimal(value: unknown): value is DecimalValue {
  return bsonType(value) === "Decimal128" && hasBytes(value, "bytes", 16);
}

/** The bytes that a Binary holds: its buffer may have room for more. */
export function bytesOf({ buffer, position }: BinaryValue): Uint8Array {
  return buffer.subarray(0, position);
}

/** The number of a Long, exactly. */
export function wholeOf({ high, low }: LongValue): bigint {
  return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low >>> 0));
}

/** A whole number, which another program may have written as a Long. */
export function numberOf(value: unknown): number {
  if (isLong(value)) return Number(wholeOf(value));
  return typeof value === "number" ? value : Number.NaN;
}

/** A text; empty where something else is there, which no hash and no digest vouches for. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A date as milliseconds. */
export function timeOf(value: unknown): number {
  return value instanceof Date ? value.getTime() : Number.NaN;
}
