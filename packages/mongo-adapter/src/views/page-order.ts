import { type DocumentId, type Sort, StorageError, sortValue, type View } from "@everdraft/core/adapter";
import { compareSorted, mongoOrder, rankOf } from "../bson/bson-order.ts";

type Placed = Pick<View, "state"> & { readonly id: DocumentId };

/** Kinds whose values the adapter orders only roughly: they prove nothing. */
const rough: ReadonlySet<string> = new Set(["object", "array", "other"]);

/**
 * Looks at the documents of a page as they come: pages begin where the one before ended, so a server that sorts otherwise
 * than MongoDB would miss documents and give others twice. Throws StorageError where one comes behind a greater one.
 */
export function pageOrder(collection: string, sort: Sort): (one: Placed) => void {
  let last: readonly unknown[] | undefined;
  return ({ id, state }) => {
    const values = sort.map(([path, direction]) =>
      sortValue({ _id: id, ...state }, path, direction, mongoOrder),
    );
    const field = last && outOfOrder(last, values, sort);
    last = values;
    if (field === undefined) return;
    throw new StorageError({
      operation: "find documents",
      where: `of ${JSON.stringify(collection)} sorted by ${JSON.stringify(field)}`,
      reason: "the server gives them in another order than MongoDB's, so that pages would miss some",
      remedy: "Sort by another field, or use another server.",
    });
  };
}

/** The field by which the second should have come before the first. */
function outOfOrder(before: readonly unknown[], after: readonly unknown[], sort: Sort): string | undefined {
  for (const [i, [path, direction]] of sort.entries()) {
    if (path === "_id" || [before[i], after[i]].some((value) => rough.has(rankOf(value)))) return undefined;
    const compared = compareSorted(before[i], after[i]) * direction;
    if (compared > 0) return path;
    if (compared < 0) return undefined;
  }
  return undefined;
}
