import { handOut } from "../../context/hand-out.ts";
import { onDocument } from "../../context/on-document.ts";
import type { Resources } from "../../context/resources.ts";
import { stampOf } from "../../fold/stamp.ts";
import { replay } from "../../history/replay.ts";
import type { DocumentId } from "../../model/document-id.ts";
import type { Deadline } from "../../port/deadline.ts";
import { pace } from "../../port/pace.ts";
import type { View } from "../../port/view.ts";
import type { PlainObject } from "../../value/value.ts";
import type { ViewKeeper } from "../../views/view-keeper.ts";
import type { Search } from "../found-views.ts";
import { fetchViews } from "../read-documents.ts";

/** A search in the states at a date. */
export interface DatedSearch extends Search {
  /** The date, in milliseconds. */
  readonly date: number;
}

/** So many documents are replayed at once. */
export const replayedTogether = 16;

/** Reads documents; one that there is not is undefined. */
export type ReadViews = (ids: readonly DocumentId[]) => Promise<readonly (View | undefined)[]>;

/** Reads documents as they were, in the store's schema; those that did not live, or are of a newer schema, are undefined. */
export function datedViews(search: DatedSearch): ReadViews {
  return async (ids) => (await viewsAt(search, ids)).map((view) => view && search.inSchema(view));
}

/** Reads them a few at a time. */
export async function* inPages(
  read: ReadViews,
  ids: readonly DocumentId[],
): AsyncGenerator<readonly (View | undefined)[]> {
  for (let from = 0; from < ids.length; from += replayedTogether) {
    if (from > 0) await pace.turn();
    yield await read(ids.slice(from, from + replayedTogether));
  }
}

/** A date, and the store that is asked. */
type Dated = Pick<DatedSearch, "resources" | "date" | "deadline">;

function viewsAt(
  { resources, date, deadline }: Dated,
  ids: readonly DocumentId[],
): Promise<(View | undefined)[]> {
  return Promise.all(ids.map((id) => viewAt(resources, id, date, deadline)));
}

/** The view that a document would have had; undefined where it did not live. */
async function viewAt(
  resources: Resources,
  id: DocumentId,
  date: number,
  deadline: Deadline,
): Promise<View | undefined> {
  const { folded } = await replay(onDocument(resources, id, deadline), { date });
  const { state } = folded;
  return state === undefined ? undefined : { ...stampOf(folded), id, digest: "", since: 0, state };
}

/** So many views are read at once. */
const viewsAtOnce = 500;

/** The states of documents at a date: from the views that are no later, else by replay. */
export async function statesAsOf(
  dated: Dated,
  keeper: ViewKeeper,
  ids: readonly DocumentId[],
): Promise<(PlainObject | undefined)[]> {
  const states: (PlainObject | undefined)[] = [];
  for (let from = 0; from < ids.length; from += viewsAtOnce) {
    const some = ids.slice(from, from + viewsAtOnce);
    for (const [i, view] of (await someAsOf(dated, keeper, some)).entries()) {
      if (pace.isDue()) await pace.turn();
      states.push(view?.state && handOut(dated.resources, some[i] as DocumentId, view.state, view.schema));
    }
  }
  return states;
}

async function someAsOf(
  dated: Dated,
  keeper: ViewKeeper,
  ids: readonly DocumentId[],
): Promise<(View | undefined)[]> {
  const { resources, date, deadline } = dated;
  const now = await fetchViews(resources, keeper, ids, deadline);
  const isLater = (view: View | undefined): boolean =>
    view === undefined || view.version === 0 || view.at > date;
  const later = ids.filter((_, i) => isLater(now[i]));
  const replayed: (View | undefined)[] = [];
  for await (const page of inPages((due) => viewsAt(dated, due), later)) replayed.push(...page);
  let next = 0;
  return now.map((view) => (isLater(view) ? replayed[next++] : view));
}
