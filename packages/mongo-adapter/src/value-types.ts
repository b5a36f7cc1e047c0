import type { ValueType } from "@everdraft/core/adapter";
import { Binary, Decimal128, Long, ObjectId, UUID } from "mongodb";

/*
 * MongoDB's own values, as a state may hold them. The bytes are part of the canonical encoding, so the tags and their
 * bytes are registered in docs/format.md and mean the same for ever.
 */

const objectId: ValueType<ObjectId> = {
  tag: 0x10,
  name: "ObjectId",
  is: (value) => value instanceof ObjectId,
  toBytes: (value) => Uint8Array.from(value.id),
  fromBytes: (bytes) => new ObjectId(Uint8Array.from(bytes)),
  equals: (a, b) => a.equals(b),
};

/** By its bytes: 1.0 and 1.00 are two values, since only so is each given back as it was. */
const decimal128: ValueType<Decimal128> = {
  tag: 0x11,
  name: "Decimal128",
  is: (value) => value instanceof Decimal128,
  toBytes: (value) => Uint8Array.from(value.bytes),
  fromBytes: (bytes) => new Decimal128(Uint8Array.from(bytes)),
  equals: (a, b) => Buffer.compare(a.bytes, b.bytes) === 0,
};

const long: ValueType<Long> = {
  tag: 0x12,
  name: "Long",
  // a Timestamp is a Long to instanceof, and an unsigned Long would come back signed
  is: (value) => value instanceof Long && (value._bsontype as string) === "Long" && !value.unsigned,
  toBytes: (value) => Uint8Array.from(value.toBytesBE()),
  fromBytes: (bytes) => Long.fromBytesBE([...bytes], false),
  equals: (a, b) => a.equals(b),
};

const uuid: ValueType<UUID> = {
  tag: 0x13,
  name: "UUID",
  is: (value) => value instanceof UUID,
  toBytes: (value) => Uint8Array.from(value.buffer.subarray(0, 16)),
  fromBytes: (bytes) => new UUID(Uint8Array.from(bytes)),
  equals: (a, b) => Buffer.compare(bytesOf(a), bytesOf(b)) === 0,
};

/** Bytes with a subtype. Subtype 0 is a Uint8Array, and a UUID has a class of its own. */
const binary: ValueType<Binary> = {
  tag: 0x14,
  name: "Binary",
  is: (value) =>
    value instanceof Binary &&
    !(value instanceof UUID) &&
    value.sub_type !== Binary.SUBTYPE_DEFAULT &&
    value.sub_type !== Binary.SUBTYPE_UUID,
  toBytes: (value) => Buffer.concat([Uint8Array.of(value.sub_type), bytesOf(value)]),
  fromBytes: (bytes) => new Binary(Uint8Array.from(bytes.subarray(1)), bytes[0]),
  equals: (a, b) => a.sub_type === b.sub_type && Buffer.compare(bytesOf(a), bytesOf(b)) === 0,
};

/** The bytes that a Binary holds: its buffer may have room for more. */
export function bytesOf(value: Binary): Uint8Array {
  return value.buffer.subarray(0, value.position);
}

/** The value types that MongoDB has beside the plain ones. */
export const mongoTypes: readonly ValueType[] = [objectId, decimal128, long, uuid, binary];
