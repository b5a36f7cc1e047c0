import type { DocumentId } from "../model/document-id.ts";

/** How many are given at once, before others have their turn. */
const pageSize = 500;

/** Things in the order of their ids, which are put in order once and not for each page that is read of them. */
export interface Ordered<V> {
  /** All behind an id, or from the first one, in short pages. */
  pages(after: DocumentId | undefined): Generator<readonly V[]>;
  /** One came: the order is made anew when it is asked for. One that went is left out of its page, and need not be told of. */
  changed(): void;
}

/** Puts things in the order of their ids. `list` gives all of them, `read` one as it is now. */
export function ordered<V>(
  list: () => Iterable<DocumentId>,
  read: (id: DocumentId) => V | undefined,
  compare: (a: DocumentId, b: DocumentId) => number,
): Ordered<V> {
  let known: readonly DocumentId[] | undefined;
  return {
    changed: () => {
      known = undefined;
    },
    *pages(after) {
      known ??= [...list()].sort(compare);
      const ids = known;
      for (let i = placeBehind(ids, after, compare); i < ids.length; i += pageSize)
        yield ids.slice(i, i + pageSize).flatMap((id) => read(id) ?? []);
    },
  };
}

/** The index of the first id behind one. */
function placeBehind(
  ids: readonly DocumentId[],
  after: DocumentId | undefined,
  compare: (a: DocumentId, b: DocumentId) => number,
): number {
  if (after === undefined) return 0;
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const id = ids[middle];
    if (id !== undefined && compare(id, after) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
