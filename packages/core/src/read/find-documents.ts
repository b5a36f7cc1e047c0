import { handOut } from "../context/hand-out.ts";
import type { Resources } from "../context/resources.ts";
import type { FoundDocument, FoundOrDeleted } from "../context/results.ts";
import type { DocumentId } from "../model/document-id.ts";
import { checkFilter } from "../model/filter.ts";
import type { Deadline } from "../port/deadline.ts";
import type { StoredCollection } from "../port/storage.ts";
import type { View } from "../port/view.ts";
import type { FindQuery } from "../port/view-store.ts";
import type { PlainObject } from "../value/value.ts";
import type { ViewKeeper } from "../views/view-keeper.ts";
import { countAsOf, findAsOf } from "./as-of/find-as-of.ts";
import type { Listing } from "./async-list.ts";
import { findDeleted, type LivingOrDeleted } from "./find-deleted.ts";
import { checkFind, type FindRequest } from "./find-request.ts";
import type { Candidate } from "./found-pages.ts";
import { countViews, findViews, type Search } from "./found-views.ts";
import { inSchemaOf, type OnNewer } from "./other-schemas.ts";
import { documentIdAt, placeOf, positionAt } from "./place.ts";

type Found = FoundDocument<PlainObject, DocumentId> | FoundOrDeleted<PlainObject, DocumentId>;

/** The list of the documents that match, now or at a date; no cursor is held open. */
export function listDocuments(
  resources: Resources,
  views: ViewKeeper,
  request: FindRequest,
  deadline: Deadline,
): Listing<Found> {
  const { onNewer = "skip", select, date, deleted } = request;
  const query = checkFind(request, resources);
  const { filter, sort, limit } = query;
  return {
    key: { call: "find", filter, sort, select, onNewer, date, deleted },
    limit,
    read: async function* (place, wanted) {
      const after = positionAt(place, sort, documentIdAt(resources.kinds));
      const stored = await resources.opened(deadline);
      await views.settled(undefined, deadline);
      const search = searchIn(resources, stored, onNewer, deadline);
      let left = wanted;
      if (left === 0) return;
      const asked = { ...query, limit: wanted, ...(after && { after }) };
      const all =
        deleted === undefined
          ? findAtDate(search, date, asked)
          : findDeleted({ ...search, stored }, asked, deleted);
      for await (const { one, position } of all) {
        deadline.call();
        yield { item: found(resources, one, select), place: placeOf(position) };
        if (--left === 0) return;
      }
    },
  };
}

function searchIn(
  resources: Resources,
  { views }: StoredCollection,
  onNewer: OnNewer | undefined,
  deadline: Deadline,
): Search {
  return { resources, views, onNewer, inSchema: inSchemaOf(resources, onNewer), deadline };
}

function findAtDate(
  search: Search,
  date: number | undefined,
  query: FindQuery,
): AsyncGenerator<Candidate<View>> {
  return date === undefined ? findViews(search, query) : findAsOf({ ...search, date }, query);
}

/** How many living documents match, now or at a date. */
export async function countDocuments(
  resources: Resources,
  views: ViewKeeper,
  { filter, onNewer, date }: Pick<FindRequest, "filter" | "onNewer" | "date">,
  deadline: Deadline,
): Promise<number> {
  const checked = checkFilter(filter, resources.types);
  const stored = await resources.opened(deadline);
  await views.settled(undefined, deadline);
  const search = searchIn(resources, stored, onNewer, deadline);
  return date === undefined ? countViews(search, checked) : countAsOf({ ...search, date }, checked);
}

function found(
  resources: Resources,
  view: View | LivingOrDeleted,
  select: readonly string[] | undefined,
): Found {
  const { id, changed: version, at, by, schema } = view;
  const whole = handOut(resources, id, view.state as PlainObject, schema);
  const state = select === undefined ? whole : only(whole, select);
  const document = { id, version, at: new Date(at), by, state };
  if (!("isDeleted" in view)) return document;
  return { kind: view.isDeleted ? "deleted" : "living", ...document };
}

function only(state: PlainObject, fields: readonly string[]): PlainObject {
  return Object.freeze(
    Object.fromEntries(fields.filter((key) => Object.hasOwn(state, key)).map((key) => [key, state[key]])),
  );
}
