import { type DocumentId, type IdKind, idKey } from "../model/document-id.ts";
import { compareIds } from "../model/sort-order.ts";
import type { KnownView, View, ViewOutcome } from "../port/view.ts";
import { isIntact } from "../port/view-digest.ts";
import type { ViewStore } from "../port/view-store.ts";
import { countByScan, findByScan } from "../scan/find-views.ts";
import type { ValueTypes } from "../value/value-type.ts";
import { ordered } from "./ordered.ts";

/** The views in memory, and the write that the log's commit shares with them. */
export interface MemoryViews extends ViewStore {
  /** Writes a view over a lower version, following on the one that its writer knew. */
  writeOver(view: View, before: KnownView): ViewOutcome;
}

/**
 * The views in memory. Like MongoDB's they do not remember the versions of deleted documents, so a first
 * write is `inserted`.
 */
export function memoryViews(
  kinds: readonly IdKind[],
  types: ValueTypes,
  refuseClosed: () => void,
): MemoryViews {
  const views = new Map<string, View>();
  function* ids(): Generator<DocumentId> {
    for (const { id } of views.values()) yield id;
  }
  const inOrder = ordered(
    ids,
    (id) => views.get(idKey(id)),
    (a, b) => compareIds(a, b, kinds),
  );
  const put = (view: View): ViewOutcome => {
    const key = idKey(view.id);
    const isNew = view.state !== undefined && !views.has(key);
    if (view.state === undefined) views.delete(key);
    else views.set(key, view);
    if (isNew) inOrder.changed();
    return isNew ? "inserted" : "current";
  };
  const writeOver = (view: View, before: KnownView): ViewOutcome => {
    const found = views.get(idKey(view.id));
    if (found === undefined) return isLiving(before) && view.state !== undefined ? "drift" : put(view);
    if (!isIntact(found, types)) return "drift";
    return found.version >= view.version ? "current" : put(view);
  };
  async function* scan(after?: DocumentId): AsyncGenerator<readonly View[]> {
    yield* inOrder.pages(after);
  }
  return {
    writeOver,
    get: async (wanted) => {
      refuseClosed();
      return wanted.map((id) => views.get(idKey(id)));
    },
    write: async (view, over) => {
      refuseClosed();
      return over === "any" ? put(view) : writeOver(view, undefined);
    },
    find: async (query) => {
      refuseClosed();
      // without a sort the views given before need not be looked at again
      const after = query.sort.length === 0 ? query.after?.id : undefined;
      return findByScan(() => scan(after), query, kinds);
    },
    count: async (filter, _call, schema) => {
      refuseClosed();
      return countByScan(() => scan(), filter, schema);
    },
  };
}

function isLiving(known: KnownView): boolean {
  return typeof known === "object" && known.state !== undefined;
}
