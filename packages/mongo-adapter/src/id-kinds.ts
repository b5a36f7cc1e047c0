import { type DocumentId, type IdKind, numberId, stringId } from "@everdraft/core/adapter";
import { Long, ObjectId, UUID } from "mongodb";

/** A kind of id, and how its range is asked for: comparisons in queries never cross kinds. */
interface MongoIdKind extends IdKind {
  /** All ids of the kind. */
  readonly all: Readonly<Record<string, DocumentId>>;
}

// `$gte ""` and the infinities take a whole kind; a UUID is asked for between the least and the greatest
const kinds: readonly MongoIdKind[] = [
  { ...numberId, all: { $gte: Number.NEGATIVE_INFINITY, $lte: Number.POSITIVE_INFINITY } },
  { ...stringId, all: { $gte: "" } },
  {
    name: "UUID",
    is: (value) => value instanceof UUID,
    all: { $gte: new UUID("00".repeat(16)), $lte: new UUID("ff".repeat(16)) },
  },
  {
    name: "ObjectId",
    is: (value) => value instanceof ObjectId,
    all: { $gte: new ObjectId("00".repeat(12)), $lte: new ObjectId("ff".repeat(12)) },
  },
];

/** The kinds of id, in the order in which BSON compares them, so that the server's order is the port's. */
export const idKinds: readonly IdKind[] = kinds;

/** Conditions on ids behind one (or before it, going down), kind by kind in that order. */
export function rangesBehind(
  after: DocumentId | undefined,
  direction: 1 | -1 = 1,
): readonly Readonly<Record<string, DocumentId>>[] {
  const ordered = direction === 1 ? kinds : kinds.toReversed();
  if (after === undefined) return ordered.map(({ all }) => all);
  const own = ordered.findIndex((kind) => kind.is(after));
  const first = direction === 1 ? { $gt: after } : { $lt: after };
  const { all } = ordered[own] as MongoIdKind;
  const other = direction === 1 ? "$lte" : "$gte";
  const bound = all[other];
  return [
    { ...first, ...(bound !== undefined && { [other]: bound }) },
    ...ordered.slice(own + 1).map((kind) => kind.all),
  ];
}

/** An id as it was stored, or undefined where no store gave it: the collection may hold others' documents. */
export function idOf(value: unknown): DocumentId | undefined {
  const plain = value instanceof Long ? value.toNumber() : value;
  return kinds.some((kind) => kind.is(plain)) ? (plain as DocumentId) : undefined;
}
