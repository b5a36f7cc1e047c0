import type { ValueType } from "@everdraft/core/adapter";
import type { BsonClasses } from "./bson-classes.ts";
import {
  type BinaryValue,
  binarySubtype,
  bytesOf,
  type DecimalValue,
  isBinary,
  isDecimal,
  isLong,
  isObjectId,
  isUuid,
  type LongValue,
  type ObjectIdValue,
} from "./bson-values.ts";

/*
 * MongoDB's own values, as a state may hold them. The bytes are part of the canonical encoding, so the tags and their
 * bytes are registered in docs/format.md and mean the same for ever.
 */

/** The part of a type that is about its bytes; values are equal by them. */
type Bytes<V extends object> = Pick<ValueType<V>, "tag" | "name" | "is" | "toBytes">;

const objectId: Bytes<ObjectIdValue> = {
  tag: 0x10,
  name: "ObjectId",
  is: isObjectId,
  toBytes: ({ id }) => Uint8Array.from(id),
};

/** 1.0 and 1.00 are two values, since only so is each given back as it was. */
const decimal128: Bytes<DecimalValue> = {
  tag: 0x11,
  name: "Decimal128",
  is: isDecimal,
  toBytes: ({ bytes }) => Uint8Array.from(bytes),
};

const long: Bytes<LongValue> = {
  tag: 0x12,
  name: "Long",
  is: isLong,
  toBytes: ({ high, low }) => {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32BE(high, 0);
    bytes.writeInt32BE(low, 4);
    return Uint8Array.from(bytes);
  },
};

const uuid: Bytes<BinaryValue> = {
  tag: 0x13,
  name: "UUID",
  is: isUuid,
  toBytes: (value) => Uint8Array.from(bytesOf(value)),
};

/** Bytes with a subtype. Subtype 0 is a Uint8Array, and a UUID has a class of its own. */
const binary: Bytes<BinaryValue> = {
  tag: 0x14,
  name: "Binary",
  is: (value) =>
    isBinary(value) && value.sub_type !== binarySubtype.plain && value.sub_type !== binarySubtype.uuid,
  toBytes: (value) => Buffer.concat([Uint8Array.of(value.sub_type), bytesOf(value)]),
};

function made<V extends object>(type: Bytes<V>, fromBytes: (bytes: Uint8Array) => object): ValueType<V> {
  return {
    ...type,
    fromBytes: (bytes) => fromBytes(bytes) as V,
    equals: (a, b) => Buffer.compare(type.toBytes(a), type.toBytes(b)) === 0,
  };
}

/** The value types that MongoDB has beside the plain ones, of whatever copy of bson; made are those of a driver. */
export function mongoTypes(bson: BsonClasses): readonly ValueType[] {
  return [
    made(objectId, (bytes) => new bson.ObjectId(Uint8Array.from(bytes))),
    made(decimal128, (bytes) => new bson.Decimal128(Uint8Array.from(bytes))),
    made(long, (bytes) => bson.Long.fromBytesBE([...bytes], false)),
    made(uuid, (bytes) => new bson.UUID(Uint8Array.from(bytes))),
    made(binary, (bytes) => new bson.Binary(Uint8Array.from(bytes.subarray(1)), bytes[0] ?? 0)),
  ];
}
