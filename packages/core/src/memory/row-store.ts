import { type DocumentId, type IdKind, idKey, stringId } from "../model/document-id.ts";
import { compareIds } from "../model/sort-order.ts";
import { countByScan, findByScan } from "../port/find-views.ts";
import { rowId } from "../port/row-id.ts";
import type { Row, RowSet, RowStore } from "../port/row-store.ts";

/** The rows of a projection in memory: for each document its set, which also remembers that there are none. */
export function memoryRows(kinds: readonly IdKind[], refuseClosed: () => void): RowStore {
  const sets = new Map<string, RowSet>();
  async function* scan(): AsyncGenerator<readonly Row[]> {
    const rows = [...sets.values()].flatMap(({ doc, version, rows }) =>
      rows.map((state, place): Row => ({ id: rowId(doc, place), doc, version, state })),
    );
    yield rows.sort((a, b) => compareIds(a.id, b.id, [stringId]));
  }
  const inOrder = (): DocumentId[] =>
    [...sets.values()].map(({ doc }) => doc).sort((a, b) => compareIds(a, b, kinds));
  return {
    get: async (docs) => {
      refuseClosed();
      return docs.map((doc) => sets.get(idKey(doc)));
    },
    write: async (set, over) => {
      refuseClosed();
      const found = sets.get(idKey(set.doc));
      if (over === "any" || found === undefined || found.version < set.version) sets.set(idKey(set.doc), set);
      return "current";
    },
    find: async (query) => {
      refuseClosed();
      return findByScan(scan, query, [stringId]);
    },
    count: async (filter) => {
      refuseClosed();
      return countByScan(scan, filter);
    },
    documents: async ({ after, limit }) => {
      refuseClosed();
      return inOrder()
        .filter((id) => after === undefined || compareIds(id, after, kinds) > 0)
        .slice(0, limit);
    },
  };
}
