import { type DocumentId, type IdKind, idKey } from "../model/document-id.ts";
import { compareIds } from "../model/sort-order.ts";
import { countByScan, findByScan } from "../port/find-views.ts";
import type { View } from "../port/view.ts";
import type { ViewStore } from "../port/view-store.ts";
import { ordered } from "./ordered.ts";

/**
 * The views in memory. Like MongoDB's they do not remember the versions of deleted documents, so a first
 * write is `inserted`.
 */
export function memoryViews(kinds: readonly IdKind[], refuseClosed: () => void): ViewStore {
  const views = new Map<string, View>();
  function* ids(): Generator<DocumentId> {
    for (const { id } of views.values()) yield id;
  }
  const inOrder = ordered(
    ids,
    (id) => views.get(idKey(id)),
    (a, b) => compareIds(a, b, kinds),
  );
  async function* scan(after?: DocumentId): AsyncGenerator<readonly View[]> {
    yield* inOrder.pages(after);
  }
  return {
    get: async (wanted) => {
      refuseClosed();
      return wanted.map((id) => views.get(idKey(id)));
    },
    write: async (view, over) => {
      refuseClosed();
      const key = idKey(view.id);
      const found = views.get(key);
      if (over === "lower" && found !== undefined && found.version >= view.version) return "current";
      if (view.state === undefined) views.delete(key);
      else views.set(key, view);
      const comes = found === undefined && view.state !== undefined;
      if (comes || view.state === undefined) inOrder.changed();
      return comes ? "inserted" : "current";
    },
    find: async (query) => {
      refuseClosed();
      // without a sort what was given before need not be looked at again
      const after = query.sort.length === 0 ? query.after?.id : undefined;
      return findByScan(() => scan(after), query, kinds);
    },
    count: async (filter, _call, schema) => {
      refuseClosed();
      return countByScan(() => scan(), filter, schema);
    },
  };
}
