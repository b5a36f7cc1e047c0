import { handOut } from "../context/hand-out.ts";
import type { Resources } from "../context/resources.ts";
import type { FoundDocument } from "../context/results.ts";
import type { DocumentId } from "../model/document-id.ts";
import { checkFilter } from "../model/filter.ts";
import type { Deadline } from "../port/deadline.ts";
import type { View } from "../port/view.ts";
import type { PlainObject } from "../value/value.ts";
import type { ViewKeeper } from "../views/view-keeper.ts";
import { checkFind, type FindRequest } from "./find-request.ts";
import { countViews, findViews } from "./found-views.ts";

/** The living documents that match, read as they are iterated; no cursor is held open. */
export async function* findDocuments(
  resources: Resources,
  views: ViewKeeper,
  request: FindRequest,
  deadline: Deadline,
): AsyncGenerator<FoundDocument<PlainObject, DocumentId>> {
  const { onNewer } = request;
  const query = checkFind(request, resources);
  const stored = await resources.opened(deadline);
  await views.settled(undefined, deadline);
  let left = query.limit;
  if (left === 0) return;
  for await (const view of findViews({ resources, views: stored.views, onNewer, deadline }, query)) {
    deadline.call();
    yield found(resources, view, request.select);
    if (--left === 0) return;
  }
}

/** How many living documents match. */
export async function countDocuments(
  resources: Resources,
  views: ViewKeeper,
  { filter, onNewer }: Pick<FindRequest, "filter" | "onNewer">,
  deadline: Deadline,
): Promise<number> {
  const checked = checkFilter(filter, resources.types);
  const stored = await resources.opened(deadline);
  await views.settled(undefined, deadline);
  return countViews({ resources, views: stored.views, onNewer, deadline }, checked);
}

function found(
  resources: Resources,
  view: View,
  select: readonly string[] | undefined,
): FoundDocument<PlainObject, DocumentId> {
  const { id, changed: version, at, by, schema } = view;
  const whole = handOut(resources, id, view.state as PlainObject, schema);
  const state = select === undefined ? whole : only(whole, select);
  return { id, version, at: new Date(at), by, state };
}

function only(state: PlainObject, fields: readonly string[]): PlainObject {
  return Object.freeze(
    Object.fromEntries(fields.filter((key) => Object.hasOwn(state, key)).map((key) => [key, state[key]])),
  );
}
