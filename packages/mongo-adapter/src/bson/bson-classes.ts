import { OptionsError } from "@everdraft/core/adapter";
import type { MongoObjectId, MongoUuid } from "./bson-values.ts";

/** The maker of whole numbers of 64 bits. */
interface LongMaker {
  /** Makes one of 8 bytes, the highest first. */
  fromBytesBE(bytes: number[], unsigned?: boolean): object;
}

/**
 * The classes by which a driver knows its values: `BSON` of `mongodb` 6 or 7, or `mongoose.mongo.BSON`.
 */
export interface BsonClasses {
  /** Makes an ObjectId of its 12 bytes. */
  readonly ObjectId: new (
    bytes: Uint8Array,
  ) => MongoObjectId;
  /** Makes a UUID of its 16 bytes. */
  readonly UUID: new (
    bytes: Uint8Array,
  ) => MongoUuid;
  /** Makes a decimal number of its 16 bytes. */
  readonly Decimal128: new (
    bytes: Uint8Array,
  ) => object;
  /** Makes bytes with a subtype. */
  readonly Binary: new (
    bytes: Uint8Array,
    subtype: number,
  ) => object;
  /** Makes whole numbers of 8 bytes. */
  readonly Long: LongMaker;
  /** How many bytes a document takes. */
  calculateObjectSize(document: object): number;
}

const needed = ["ObjectId", "UUID", "Decimal128", "Binary", "Long", "calculateObjectSize"] as const;

/** The remedy where the classes are not those of the driver. */
export const whichBson: string =
  'Give the BSON of the driver that made the database: mongoStorage(db, { BSON }) with import { BSON } from "mongodb", or { BSON: mongoose.mongo.BSON }.';

/** Throws OptionsError unless something has the classes. */
export function checkBson(given: BsonClasses): void {
  const lacking = needed.filter((name) => typeof given?.[name] !== "function");
  if (lacking.length === 0) return;
  throw new OptionsError({ option: "BSON", reason: `it has no ${lacking.join(", ")}`, remedy: whichBson });
}
