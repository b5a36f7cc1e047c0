import type { Resources } from "../context/resources.ts";
import { DriftError } from "../errors/drift-error.ts";
import { pace } from "../port/pace.ts";
import type { View } from "../port/view.ts";
import { isIntact } from "../port/view-digest.ts";
import type { ViewStore } from "../port/view-store.ts";

/** The calls by which views are read. */
export type FoundIn = Pick<ViewStore, "get" | "find" | "count" | "explain">;

/**
 * The views of a storage, each with its digest checked, where nobody else has a reason to write them: a storage without an engine
 * for filters. On others a view is read as it stands, so that all readers agree on the writes of other programs. Reading
 * throws DriftError for a view that somebody changed.
 */
export function intactViews(resources: Pick<Resources, "scans" | "types">, views: FoundIn): FoundIn {
  if (!resources.scans) return views;
  const checked = async <V extends readonly (View | undefined)[]>(found: V): Promise<V> => {
    for (const [i, view] of found.entries()) {
      if (i > 0 && pace.isDue()) await pace.turn();
      if (view !== undefined) refuseChanged(resources, view);
    }
    return found;
  };
  const { explain } = views;
  return {
    ...(explain !== undefined && { explain: (query, call) => explain.call(views, query, call) }),
    get: async (ids, call) => checked(await views.get(ids, call)),
    find: async (query, call) => checked(await views.find(query, call)),
    count: (filter, call, schema) => views.count(filter, call, schema),
  };
}

/** A view without history is nobody's: it has no digest. */
function refuseChanged({ types }: Pick<Resources, "types">, view: View): void {
  const { id, version } = view;
  if (version > 0 && !isIntact(view, types)) throw new DriftError({ id, version, found: "changed" });
}
