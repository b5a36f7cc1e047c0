import {
  compareIds,
  type DocumentId,
  type FindPosition,
  type IdKind,
  positionOf,
  type Sort,
  type View,
} from "@everdraft/core/adapter";
import { compareSorted, mongoOrder, type Rank, rankOf, ranks } from "../bson/bson-order.ts";
import type { MongoIds } from "../bson/id-kinds.ts";
import type { Document } from "../connection/driver.ts";

type Condition = Document;

/** The condition that no document meets. */
const nothing: Condition = { _id: { $in: [] } };

/** The types of a kind, as `$type` calls them. */
const typesOf: Readonly<Record<Rank, readonly string[]>> = {
  empty: [],
  null: [],
  number: ["number"],
  string: ["string", "symbol"],
  object: ["object"],
  array: ["array"],
  binData: ["binData"],
  objectId: ["objectId"],
  bool: ["bool"],
  date: ["date"],
  other: ["timestamp", "regex", "dbPointer", "javascript", "javascriptWithScope", "maxKey"],
};

/**
 * A condition that all documents behind a place of a sort meet, so that a page begins there and not at the
 * beginning. Documents with arrays may meet it and not be behind: `isBehind` tells.
 */
export function conditionBehind(sort: Sort, after: FindPosition, ids: MongoIds): Condition {
  const cases: Condition[] = [];
  const equal: Condition[] = [];
  for (const [i, [path, direction]] of sort.entries()) {
    if (path === "_id") return anyOf([...cases, allOf([...equal, idsBehind(after.id, direction, ids)])]);
    const value = after.values[i];
    cases.push(allOf([...equal, beyond(path, direction, value)]));
    equal.push(same(path, value));
  }
  return anyOf([...cases, allOf([...equal, idsBehind(after.id, 1, ids)])]);
}

/** Whether a document is behind a place of a sort. */
export function isBehind(
  view: Pick<View, "state"> & { readonly id: DocumentId },
  sort: Sort,
  after: FindPosition,
  kinds: readonly IdKind[],
): boolean {
  const { values } = positionOf(view, sort, mongoOrder);
  for (const [i, [path, direction]] of sort.entries()) {
    if (path === "_id") return compareIds(view.id, after.id, kinds) * direction > 0;
    const compared = compareSorted(values[i], after.values[i]) * direction;
    if (compared !== 0) return compared > 0;
  }
  return compareIds(view.id, after.id, kinds) > 0;
}

/** Ids behind one, of whatever kind. */
function idsBehind(id: DocumentId, direction: 1 | -1, ids: MongoIds): Condition {
  return anyOf(ids.rangesBehind(id, direction).map((range) => ({ _id: range })));
}

function beyond(path: string, direction: 1 | -1, value: unknown): Condition {
  const rank = rankOf(value);
  const others = (Object.keys(ranks) as Rank[]).filter(
    (other) => (ranks[other] - ranks[rank]) * direction > 0,
  );
  if (direction === 1 && rank === "empty") return {};
  if (direction === 1 && rank === "null") return { [path]: { $ne: null } };
  return anyOf([
    ...withinRank(path, direction, rank, value),
    ...others.flatMap((other) => ofRank(path, other)),
  ]);
}

function withinRank(path: string, direction: 1 | -1, rank: Rank, value: unknown): readonly Condition[] {
  if (rank === "empty" || rank === "null") return [];
  if (rank === "object" || rank === "array" || rank === "other") return ofRank(path, rank);
  // no comparison meets NaN, which sorts below all numbers
  if (Number.isNaN(value)) return direction === 1 ? ofRank(path, "number") : [];
  if (direction === 1) return [{ [path]: { $gt: value } }];
  return [{ [path]: { $lt: value } }, ...(rank === "number" ? [{ [path]: Number.NaN }] : [])];
}

function ofRank(path: string, rank: Rank): readonly Condition[] {
  if (rank === "empty") return [{ [path]: { $size: 0 } }];
  // of a path through an empty list the sort value is null, and null does not find it
  if (rank === "null") return [{ [path]: null }, { [path]: { $exists: false } }];
  return [{ [path]: { $type: [...typesOf[rank]] } }];
}

function same(path: string, value: unknown): Condition {
  const rank = rankOf(value);
  if (rank === "object" || rank === "array" || rank === "other" || rank === "empty" || rank === "null") {
    return anyOf(ofRank(path, rank));
  }
  return { [path]: { $eq: value } };
}

function allOf(conditions: readonly Condition[]): Condition {
  const [only] = conditions;
  return conditions.length === 1 && only !== undefined ? only : { $and: [...conditions] };
}

function anyOf(conditions: readonly Condition[]): Condition {
  const [only] = conditions;
  if (only === undefined) return nothing;
  return conditions.length === 1 ? only : { $or: [...conditions] };
}
