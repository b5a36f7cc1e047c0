import { Binary, Decimal128, Long, ObjectId, UUID } from "mongodb";

/** Values of every kind that only MongoDB knows, for the kit. */
export const samples = {
  ids: [
    new UUID("00000000-0000-4000-8000-000000000001"),
    new UUID("ffffffff-ffff-4fff-bfff-ffffffffffff"),
    new ObjectId("000000000000000000000001"),
    new ObjectId("ffffffffffffffffffffffff"),
  ],
  values: [
    new ObjectId("64b000000000000000000000"),
    new ObjectId("64b0000000000000000000ff"),
    Decimal128.fromString("1.10"),
    Decimal128.fromString("1.1"),
    Decimal128.fromString("-Infinity"),
    Long.fromString("9007199254740993"),
    Long.fromNumber(1),
    Long.MIN_VALUE,
    new UUID("123e4567-e89b-42d3-a456-426614174000"),
    new UUID("123e4567-e89b-42d3-a456-426614174001"),
    new Binary(Uint8Array.of(1, 2, 3), Binary.SUBTYPE_MD5),
    new Binary(new Uint8Array(), Binary.SUBTYPE_USER_DEFINED),
  ],
};
