import { handOut } from "../context/hand-out.ts";
import type { OnDocument } from "../context/on-document.ts";
import type { Resources } from "../context/resources.ts";
import type { ReadDocument } from "../context/results.ts";
import { VersionAheadError } from "../errors/version-ahead-error.ts";
import type { Folded } from "../fold/folded.ts";
import { loadHead } from "../history/load-head.ts";
import { replay } from "../history/replay.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { CheckedMoment } from "../model/moment.ts";
import type { Deadline } from "../port/deadline.ts";
import { pace } from "../port/pace.ts";
import type { View } from "../port/view.ts";
import type { PlainObject } from "../value/value.ts";
import type { ViewKeeper } from "../views/view-keeper.ts";
import { intactViews } from "./intact-views.ts";

/** So many views are read at once: a storage in this process answers without giving up its turn. */
const viewsAtOnce = 500;

/**
 * The states now, from the views, once this process's own pending writes of them are done; those of long lists in pieces,
 * between which others have their turn.
 */
export async function readStates(
  resources: Resources,
  views: ViewKeeper,
  ids: readonly DocumentId[],
  deadline: Deadline,
): Promise<(PlainObject | undefined)[]> {
  // once for all, since each wait may take a second
  await views.settled(ids, deadline);
  const states: (PlainObject | undefined)[] = [];
  for (let from = 0; from < ids.length; from += viewsAtOnce) {
    if (from > 0) await pace.turn();
    states.push(...(await statesOf(resources, ids.slice(from, from + viewsAtOnce), deadline)));
  }
  return states;
}

/** The states of so many documents: those whose views this process knows come from the cache. */
async function statesOf(
  resources: Resources,
  ids: readonly DocumentId[],
  deadline: Deadline,
): Promise<(PlainObject | undefined)[]> {
  const known = await knownViews(resources, ids, deadline);
  const others = ids.filter((_, i) => known[i] === undefined);
  const read = others.length === 0 ? [] : await viewsOf(resources, others, deadline);
  const states: (PlainObject | undefined)[] = [];
  let next = 0;
  for (const [i, id] of ids.entries()) {
    if (i > 0) await pace.turn();
    const view = known[i] ?? read[next++];
    states.push(view?.state && handOut(resources, id, view.state, view.schema));
  }
  return states;
}

/** The cached documents whose stored views are of the same event, by their places; where the storage can tell that cheaply. */
async function knownViews(
  { cache, opened, ownViews }: Resources,
  ids: readonly DocumentId[],
  deadline: Deadline,
): Promise<readonly (Folded | undefined)[]> {
  if (!ownViews) return [];
  const cached = ids.map((id) => cache.get(id)?.folded);
  const stored = await opened(deadline);
  if (stored.views.slots === undefined || cached.every((folded) => folded === undefined)) return [];
  const slots = await stored.views.slots(ids, deadline.call());
  return cached.map((folded, i) => {
    const slot = slots[i];
    return folded?.version === slot?.version && folded?.hash === slot?.hash ? folded : undefined;
  });
}

/** The state now, from the view where it has that version, else from the log. Throws VersionAheadError. */
export async function readAtLeast(
  on: OnDocument,
  views: ViewKeeper,
  version: number,
): Promise<PlainObject | undefined> {
  const { resources, doc: id, deadline } = on;
  const [view] = await fetchViews(resources, views, [id], deadline);
  if (view?.state !== undefined && view.version >= version) {
    return handOut(resources, id, view.state, view.schema);
  }
  const head = await loadHead(on);
  if (head.folded.version < version) throw new VersionAheadError({ id, version, head: head.folded.version });
  await views.catchUp(on, head);
  return readable(resources, id, head.folded, false)?.state;
}

/** The views of documents, once this process's own pending writes of them are done. */
export async function fetchViews(
  resources: Resources,
  views: ViewKeeper,
  ids: readonly DocumentId[],
  deadline: Deadline,
): Promise<readonly (View | undefined)[]> {
  await views.settled(ids, deadline);
  return viewsOf(resources, ids, deadline);
}

async function viewsOf(
  resources: Resources,
  ids: readonly DocumentId[],
  deadline: Deadline,
): Promise<readonly (View | undefined)[]> {
  const stored = await resources.opened(deadline);
  return intactViews(resources, stored.views).get(ids, deadline.call());
}

/**
 * A document at a moment, or now: then it is compared with the log, and a view that is behind is brought
 * forward.
 */
export async function readDocument(
  on: OnDocument,
  views: ViewKeeper,
  moment: CheckedMoment | undefined,
): Promise<ReadDocument<PlainObject, DocumentId> | undefined> {
  const { resources, doc: id } = on;
  if (moment !== undefined) {
    const { folded, sealed } = await replay(on, moment);
    return readable(resources, id, folded, sealed);
  }
  const head = await loadHead(on);
  await views.catchUp(on, head);
  return readable(resources, id, head.folded, false);
}

/** A folded document as callers see it; undefined where it does not live. */
export function readable(
  resources: Resources,
  id: DocumentId,
  folded: Folded,
  sealed: boolean,
): ReadDocument<PlainObject, DocumentId> | undefined {
  const { state, schema, changed: version, at, by } = folded;
  if (state === undefined) return undefined;
  return { id, state: handOut(resources, id, state, schema), version, at: new Date(at), by, sealed };
}
