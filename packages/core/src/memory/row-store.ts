import { type DocumentId, type IdKind, idKey, stringId } from "../model/document-id.ts";
import { compareIds } from "../model/sort-order.ts";
import type { Row, RowSet, RowStore } from "../port/row-store.ts";
import { countByScan, findByScan } from "../scan/find-views.ts";
import { partsOfRowId, rowId } from "../scan/row-id.ts";
import { ordered } from "./ordered.ts";

/** The rows of a projection in memory: for each document its set, which also remembers that there are none. */
export function memoryRows(kinds: readonly IdKind[], refuseClosed: () => void): RowStore {
  const sets = new Map<string, RowSet>();
  function* ids(): Generator<string> {
    for (const { doc, rows } of sets.values())
      for (let place = 0; place < rows.length; place++) yield rowId(doc, place);
  }
  const rowOf = (idOfRow: string): Row | undefined => {
    const { key, place } = partsOfRowId(idOfRow);
    const set = sets.get(key);
    const state = set?.rows[place];
    return set && state && { id: idOfRow, doc: set.doc, version: set.version, state };
  };
  const inOrder = ordered(
    ids,
    (idOfRow) => rowOf(String(idOfRow)),
    (a, b) => compareIds(a, b, [stringId]),
  );
  async function* scan(after?: DocumentId): AsyncGenerator<readonly Row[]> {
    yield* inOrder.pages(after);
  }
  return {
    get: async (docs) => {
      refuseClosed();
      return docs.map((doc) => sets.get(idKey(doc)));
    },
    write: async (set, over) => {
      refuseClosed();
      const found = sets.get(idKey(set.doc));
      if (over === "lower" && found !== undefined && found.version >= set.version) return "current";
      sets.set(idKey(set.doc), set);
      if (found?.rows.length !== set.rows.length) inOrder.changed();
      return "current";
    },
    find: async (query) => {
      refuseClosed();
      // without a sort the rows given before need not be looked at again
      const after = query.sort.length === 0 ? query.after?.id : undefined;
      return findByScan(() => scan(after), query, [stringId]);
    },
    byId: async (wanted) => {
      refuseClosed();
      return wanted.map(rowOf);
    },
    count: async (filter) => {
      refuseClosed();
      return countByScan(() => scan(), filter);
    },
    documents: async ({ after, limit }) => {
      refuseClosed();
      return [...sets.values()]
        .map(({ doc }) => doc)
        .filter((id) => after === undefined || compareIds(id, after, kinds) > 0)
        .sort((a, b) => compareIds(a, b, kinds))
        .slice(0, limit);
    },
  };
}
