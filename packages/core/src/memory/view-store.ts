import { type IdKind, idKey } from "../model/document-id.ts";
import { countByScan, findByScan } from "../port/find-views.ts";
import type { View } from "../port/view.ts";
import type { ViewStore } from "../port/view-store.ts";

/**
 * The views in memory. Like MongoDB's they do not remember the versions of deleted documents, so a first
 * write is `inserted`.
 */
export function memoryViews(kinds: readonly IdKind[], refuseClosed: () => void): ViewStore {
  const views = new Map<string, View>();
  async function* scan(): AsyncGenerator<readonly View[]> {
    // all in one page, so their order is of no matter
    yield [...views.values()];
  }
  return {
    get: async (ids) => {
      refuseClosed();
      return ids.map((id) => views.get(idKey(id)));
    },
    write: async (view, over) => {
      refuseClosed();
      const key = idKey(view.id);
      const found = views.get(key);
      if (over === "lower" && found !== undefined && found.version >= view.version) return "current";
      if (view.state === undefined) views.delete(key);
      else views.set(key, view);
      return found === undefined && view.state !== undefined ? "inserted" : "current";
    },
    find: async (query) => {
      refuseClosed();
      return findByScan(scan, query, kinds);
    },
    count: async (filter) => {
      refuseClosed();
      return countByScan(scan, filter);
    },
  };
}
