import { type Capabilities, type ValueTypes, valueTypes } from "@everdraft/core/adapter";
import { BSON } from "mongodb";
import type { BsonClasses } from "./bson/bson-classes.ts";
import { mongoOrder } from "./bson/bson-order.ts";
import { mongoIds } from "./bson/id-kinds.ts";
import { mongoTypes } from "./bson/value-types.ts";

const mebibyte = 1024 * 1024;

/**
 * The abilities of MongoDB: 16 MiB a document. BSON needs other numbers of bytes than the canonical encoding (an array of
 * booleans up to ten times as many), so the commit measures each document once more before it is sent.
 */
export function capabilitiesOf(bson: BsonClasses, atomic: boolean): Capabilities {
  return {
    idKinds: mongoIds(bson).kinds,
    valueTypes: mongoTypes(bson),
    valueOrder: mongoOrder,
    atomic,
    eventBytes: 15 * mebibyte,
    stateBytes: 15 * mebibyte,
  };
}

/** The look-up over the declared types, for comparisons and digests: they make no values, so any driver's classes do. */
export const types: ValueTypes = valueTypes(mongoTypes(BSON));
