import { type OnDocument, onDocument } from "../context/on-document.ts";
import { stampOf } from "../fold/stamp.ts";
import { replay } from "../history/replay.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";
import type { CheckedFilter } from "../model/filter.ts";
import { pace } from "../port/pace.ts";
import type { StoredCollection } from "../port/storage.ts";
import type { View } from "../port/view.ts";
import type { FindPosition, FindQuery } from "../port/view-store.ts";
import { createMatcher } from "../scan/filter-evaluator.ts";
import { comparePositions } from "../scan/find-views.ts";
import {
  atPlaces,
  byScan,
  type Candidate,
  type Candidates,
  inTurn,
  rounds,
  type Scanning,
} from "./found-pages.ts";
import { findViews, idsOf, inOrder, type Search } from "./found-views.ts";
import { onceEach } from "./once-each.ts";
import type { InSchema } from "./other-schemas.ts";

/** A living document, or a deleted one: then with the state before the deletion, and the version, time and user of the deletion. */
export interface LivingOrDeleted extends View {
  readonly isDeleted: boolean;
}

type Found = Candidate<LivingOrDeleted>;

/** A search that also reads the log of documents without a view. */
interface DeletedSearch extends Search {
  readonly stored: StoredCollection;
}

/** The deleted documents whose last states match, alone or with the living ones, in order and each at most once. */
export function findDeleted(
  search: DeletedSearch,
  query: FindQuery,
  deleted: "only" | "include",
): AsyncGenerator<Found> {
  const scanning = scanningOf(search, query.filter);
  // in the order of ids none can come twice
  if (deleted === "only" && query.sort.length === 0) return inTurn(byScan(scanning)(query));
  const candidates = deleted === "only" ? byScan(scanning) : withLiving(search, scanning);
  return onceEach(candidates, query, search.resources.order.values);
}

function withLiving(search: DeletedSearch, scanning: Scanning<LivingOrDeleted>): Candidates<LivingOrDeleted> {
  const { order } = search.resources;
  return async function* candidates(query) {
    const compare = (a: FindPosition, b: FindPosition): number => comparePositions(a, b, query.sort, order);
    for await (const { after, places, end } of rounds(scanning, query)) {
      const { after: _, ...rest } = query;
      const living = asLiving(findViews(search, { ...rest, ...(after && { after }) }));
      yield {
        found: inOrder(living, atPlaces(scanning, query, places), end, compare),
        isLast: end === undefined,
      };
    }
  };
}

async function* asLiving(found: AsyncIterable<Candidate<View>>): AsyncGenerator<Found> {
  for await (const { one, position } of found) yield { one: { ...one, isDeleted: false }, position };
}

/** How many documents of the log are looked at together. */
const idsAtOnce = 500;
/** So many deleted documents are replayed at once. */
const replayedTogether = 16;

/** Reads the ids of the whole log: a deleted document is in no view. */
function scanningOf(search: DeletedSearch, filter: CheckedFilter): Scanning<LivingOrDeleted> {
  const { resources, stored, inSchema, deadline } = search;
  const isAsked = createMatcher(idsOf(filter), resources.order.values);
  const deletedOf = async (ids: readonly DocumentId[]): Promise<(LivingOrDeleted | undefined)[]> => {
    const found: (LivingOrDeleted | undefined)[] = [];
    for (let from = 0; from < ids.length; from += replayedTogether) {
      if (from > 0) await pace.turn();
      const some = ids.slice(from, from + replayedTogether);
      const read = (id: DocumentId) => deletedView(onDocument(resources, id, deadline), inSchema);
      found.push(...(await Promise.all(some.map(read))));
    }
    return found;
  };
  return {
    order: resources.order,
    read: deletedOf,
    scan: async function* (behind) {
      for (let after = behind?.id; ; await pace.turn()) {
        const page = { ...(after !== undefined && { after }), limit: idsAtOnce };
        const ids = await stored.log.documents(page, deadline.call());
        const asked = ids.filter((id) => isAsked(id, {}));
        const living = new Set((await livingOf(search, asked)).map(idKey));
        const gone = asked.filter((id) => !living.has(idKey(id)));
        yield (await deletedOf(gone)).flatMap((one) => one ?? []);
        after = ids.at(-1);
        if (after === undefined || ids.length < idsAtOnce) return;
      }
    },
  };
}

/** The documents that have a view, without the states where an engine can leave them out. */
async function livingOf(
  { resources, stored, deadline }: DeletedSearch,
  ids: readonly DocumentId[],
): Promise<readonly DocumentId[]> {
  if (ids.length === 0) return [];
  if (resources.scans) {
    const found = await stored.views.get(ids, deadline.call());
    return ids.filter((_, i) => found[i]?.state !== undefined);
  }
  const query = { filter: { _id: { $in: ids } }, sort: [], select: [], limit: ids.length };
  return (await stored.views.find(query, deadline.call())).map(({ id }) => id);
}

/** A deleted document; undefined where it lives, or never did. */
async function deletedView(on: OnDocument, inSchema: InSchema): Promise<LivingOrDeleted | undefined> {
  const head = await on.head(0);
  if (head === undefined) return undefined;
  const { folded } = await replay(on, { version: head.version });
  if (folded.state !== undefined || folded.changed === 0) return undefined;
  // of a document without a state the newest event that is no blank took it away
  const { state, schema } = (await replay(on, { version: folded.changed - 1 })).folded;
  const view = inSchema({ ...stampOf(folded), schema, id: on.doc, digest: "", since: 0, state });
  return view && { ...view, isDeleted: true };
}
