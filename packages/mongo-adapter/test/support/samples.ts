import { BSON } from "mongodb";

/** The classes of a driver, of whatever version, as far as samples need them. */
interface Classes {
  readonly ObjectId: new (hex: string) => object;
  readonly UUID: new (text: string) => object;
  readonly Binary: {
    new (bytes: Uint8Array, subtype: number): object;
    SUBTYPE_MD5: number;
    SUBTYPE_USER_DEFINED: number;
  };
  readonly Decimal128: { fromString(text: string): object };
  readonly Long: { fromString(text: string): object; fromNumber(value: number): object; MIN_VALUE: object };
}

/** Values of every kind that only MongoDB knows, for the kit, made with the classes of a driver. */
export const samplesOf = ({ ObjectId, UUID, Binary, Decimal128, Long }: Classes) => ({
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
});

/** The same, with those of the driver that most tests use. */
export const samples: ReturnType<typeof samplesOf> = samplesOf(BSON);
