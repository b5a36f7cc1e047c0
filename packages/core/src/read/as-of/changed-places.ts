import { type DocumentId, idKey } from "../../model/document-id.ts";
import type { View } from "../../port/view.ts";
import type { FindPosition, FindQuery } from "../../port/view-store.ts";
import { createMatcher } from "../../scan/filter-evaluator.ts";
import { comparePositions, positionOf } from "../../scan/find-views.ts";
import { sortInPieces } from "../../scan/sort-in-pieces.ts";
import { atPlaces, type Candidate } from "../found-pages.ts";
import { idsOf } from "../found-views.ts";
import { type ChangedSince, changedSince } from "./changed-since.ts";
import { type DatedSearch, datedViews, inPages, type ReadViews, replayedTogether } from "./dated-views.ts";

/** So many states are kept between the sorting of documents and their turn; the others are replayed twice. */
const mostKept = 1_000;

/** The documents of a find that have changed since its date, as they were then. */
export interface ChangedPlaces extends Pick<ChangedSince, "has"> {
  /** Looks for further ones. */
  look(): Promise<void>;
  /** Those that matched, behind the last place that was asked for and up to this one (undefined: all), in order. */
  upTo(end: FindPosition | undefined): AsyncGenerator<Candidate<View>, void>;
}

/** Without a sort a place is known without the state, so the documents are replayed when it is their turn. */
export function changedPlaces(search: DatedSearch, query: FindQuery): ChangedPlaces {
  const { resources, date, deadline } = search;
  const { filter, sort } = query;
  const { order } = resources;
  const changed = changedSince(resources, date, deadline);
  const isAsked = createMatcher(idsOf(filter), order.values);
  const compare = (a: FindPosition, b: FindPosition): number => comparePositions(a, b, sort, order);
  const { read, placesOf } = sort.length === 0 ? unsorted(search) : sorted(search, query);
  let behind = query.after;
  let places: FindPosition[] = [];
  return {
    has: changed.has,
    look: async () => {
      const fresh = (await changed.look()).filter((id) => isAsked(id, {}));
      if (fresh.length === 0) return;
      const found = await placesOf(fresh);
      // one before that place was given when it had not changed yet
      const further = found.filter((place) => behind === undefined || compare(place, behind) > 0);
      places = await sortInPieces([...places, ...further], compare);
    },
    upTo: (end) => {
      const next = end === undefined ? -1 : places.findIndex((place) => compare(place, end) > 0);
      behind = end;
      const due = places.splice(0, next < 0 ? places.length : next);
      return atPlaces({ read, order, together: replayedTogether }, query, due);
    },
  };
}

/** The places of documents that may match, and the documents. */
interface Placing {
  readonly placesOf: (ids: readonly DocumentId[]) => Promise<readonly FindPosition[]>;
  readonly read: ReadViews;
}

function unsorted(search: DatedSearch): Placing {
  return { placesOf: async (ids) => ids.map((id) => ({ id, values: [] })), read: datedViews(search) };
}

function sorted(search: DatedSearch, { filter, sort }: FindQuery): Placing {
  const { values } = search.resources.order;
  const matches = createMatcher(filter, values);
  const replayed = datedViews(search);
  const kept = new Map<string, View>();
  return {
    placesOf: async (ids) => {
      const found: FindPosition[] = [];
      for await (const page of inPages(replayed, ids)) {
        for (const one of page) {
          if (one?.state === undefined || !matches(one.id, one.state)) continue;
          found.push(positionOf(one, sort, values));
          if (kept.size < mostKept) kept.set(idKey(one.id), one);
        }
      }
      return found;
    },
    read: async (ids) => {
      const others = await replayed(ids.filter((id) => !kept.has(idKey(id))));
      let next = 0;
      return ids.map((id) => {
        const one = kept.get(idKey(id));
        kept.delete(idKey(id));
        return one ?? others[next++];
      });
    },
  };
}
