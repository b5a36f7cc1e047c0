import { type DocumentId, type IdKind, numberId, stringId } from "@everdraft/core/adapter";
import type { BsonClasses } from "./bson-classes.ts";
import { bytesOf, isLong, isObjectId, isUuid, wholeOf } from "./bson-values.ts";

/** A condition on the id of documents. */
type Range = Readonly<Record<string, DocumentId>>;

/** A kind of id, and how its range is asked for: comparisons in queries never cross kinds. */
interface MongoIdKind extends IdKind {
  /** All ids of the kind. */
  readonly all: Range;
}

/** The ids that a storage has. */
export interface MongoIds {
  /** The kinds, in the order in which BSON compares them, so that the server's order is the port's. */
  readonly kinds: readonly IdKind[];
  /** Conditions on ids behind one (or before it, going down), kind by kind in that order; on all ids where there is none. */
  rangesBehind(after: DocumentId | undefined, direction?: 1 | -1): readonly Range[];
}

/** The ids of a storage whose driver has these classes: those of another copy of bson are taken over. */
export function mongoIds(bson: BsonClasses): MongoIds {
  const uuid = (bytes: Uint8Array): object => new bson.UUID(Uint8Array.from(bytes));
  const objectId = (bytes: Uint8Array): object => new bson.ObjectId(Uint8Array.from(bytes));
  // `$gte ""` and the infinities take a whole kind; a UUID is asked for between the least and the greatest
  const kinds: readonly MongoIdKind[] = [
    { ...numberId, all: { $gte: Number.NEGATIVE_INFINITY, $lte: Number.POSITIVE_INFINITY } },
    { ...stringId, all: { $gte: "" } },
    {
      name: "UUID",
      is: isUuid,
      own: (value) => (isUuid(value) && !(value instanceof bson.UUID) ? uuid(bytesOf(value)) : value),
      all: { $gte: uuid(Buffer.alloc(16, 0)), $lte: uuid(Buffer.alloc(16, 255)) },
    },
    {
      name: "ObjectId",
      is: isObjectId,
      own: (value) => (isObjectId(value) && !(value instanceof bson.ObjectId) ? objectId(value.id) : value),
      all: { $gte: objectId(Buffer.alloc(12, 0)), $lte: objectId(Buffer.alloc(12, 255)) },
    },
  ];
  return {
    kinds,
    rangesBehind: (after, direction = 1) => {
      const ordered = direction === 1 ? kinds : kinds.toReversed();
      if (after === undefined) return ordered.map(({ all }) => all);
      const own = ordered.findIndex((kind) => kind.is(after));
      const first = direction === 1 ? { $gt: after } : { $lt: after };
      const other = direction === 1 ? "$lte" : "$gte";
      const bound = ordered[own]?.all[other];
      return [
        { ...first, ...(bound !== undefined && { [other]: bound }) },
        ...ordered.slice(own + 1).map((kind) => kind.all),
      ];
    },
  };
}

/** An id as it was stored, or undefined where no store gave it: the collection may hold others' documents. */
export function idOf(value: unknown): DocumentId | undefined {
  const plain = isLong(value) ? Number(wholeOf(value)) : value;
  if (typeof plain === "string") return plain;
  if (typeof plain === "number" && numberId.is(plain)) return plain;
  return isUuid(plain) || isObjectId(plain) ? plain : undefined;
}
