import { CorruptEventError } from "../errors/corrupt-event-error.ts";
import { DriftError } from "../errors/drift-error.ts";
import { NotAdoptedError } from "../errors/not-adopted-error.ts";
import { ViewAheadError } from "../errors/view-ahead-error.ts";
import { refuseNewer } from "../fold/fold.ts";
import { type Folded, nothing } from "../fold/folded.ts";
import { snapshotDue } from "../fold/snapshot.ts";
import { digestOf } from "../model/digest.ts";
import { type DocumentId, showId } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import { seal } from "../model/seal.ts";
import { isPlain } from "../model/value.ts";
import type { View } from "../port/view.ts";
import { isOfEvent } from "./check-view.ts";
import type { Limit } from "./limit.ts";
import { foldForward, replay } from "./replay.ts";
import type { Resources } from "./resources.ts";

/** A document as the log has it now, and the view where it was read on the way. */
export interface LoadedHead {
  readonly folded: Folded;
  readonly view?: View | undefined;
}

/**
 * The document compared with the head of the log: from the cache with what came after it, from the view where
 * it is what its event says, or from the log. `withView` reads the view at the same time where it is not
 * needed for that. Throws DriftError, ViewAheadError, NotAdoptedError, CorruptEventError.
 */
export async function loadHead(
  resources: Resources,
  doc: DocumentId,
  limit: Limit,
  withView = false,
): Promise<LoadedHead> {
  const cached = resources.cache.get(doc);
  const loaded =
    (cached && (await fromCache(resources, doc, cached, limit, withView))) ??
    (await fromStorage(resources, doc, limit));
  const folded = await weighed(resources, doc, loaded.folded, limit);
  if (folded.version > 0) resources.cache.put(doc, folded);
  return { ...loaded, folded };
}

/**
 * Where a snapshot seems due, it may have been taken already: by another writer, or right after the view was
 * written. The snapshots and the events after them say exactly how much there is since the newest.
 */
async function weighed(resources: Resources, doc: DocumentId, folded: Folded, limit: Limit): Promise<Folded> {
  if (!snapshotDue(folded, resources.types)) return folded;
  return (await replay(resources, doc, { version: folded.version }, limit)).folded;
}

async function fromCache(
  resources: Resources,
  doc: DocumentId,
  cached: Folded,
  limit: Limit,
  withView: boolean,
): Promise<LoadedHead | undefined> {
  const { log, views } = await resources.opened(limit);
  const call = limit.call();
  const [head, [view]] = await Promise.all([
    log.head(doc, cached.version, call),
    withView ? views.get([doc], call) : [undefined],
  ]);
  if (head?.version === cached.version && head.hash === cached.hash) return { folded: cached, view };
  try {
    if (head !== undefined && head.version > cached.version) {
      return { folded: await foldForward(resources, doc, cached, head.version, limit), view };
    }
  } catch (error) {
    if (!(error instanceof CorruptEventError)) throw error;
  }
  // the log is not the one that this state came from (a restored backup, say): forget it
  resources.cache.delete(doc);
  return undefined;
}

async function fromStorage(resources: Resources, doc: DocumentId, limit: Limit): Promise<LoadedHead> {
  const { log, views } = await resources.opened(limit);
  const call = limit.call();
  const [[view], seen] = await Promise.all([views.get([doc], call), log.head(doc, 0, call)]);
  // of two reads at once the view's may be the later one: what is ahead of the head is compared with the head again
  const isAhead = view !== undefined && view.version > (seen?.version ?? 0);
  const head = isAhead ? await log.head(doc, seen?.version ?? 0, limit.call()) : seen;
  if (head === undefined) {
    if (view === undefined) return { folded: nothing };
    throw view.version === 0 ? notAdopted(doc) : viewAhead(doc, view.version, 0);
  }
  if (view !== undefined && view.version > head.version) throw viewAhead(doc, view.version, head.version);
  // a deleted document has no state whose digest could vouch for it, so its log does
  if (view?.state === undefined) {
    return { folded: (await replay(resources, doc, { version: head.version }, limit)).folded, view };
  }
  const event = view.version === head.version ? head : await eventOf(resources, doc, view.version, limit);
  const folded = await foldForward(
    resources,
    doc,
    checkedView(resources, doc, view, event),
    head.version,
    limit,
  );
  return { folded, view };
}

async function eventOf(
  resources: Resources,
  doc: DocumentId,
  version: number,
  limit: Limit,
): Promise<StoredEvent | undefined> {
  const { log } = await resources.opened(limit);
  return version < 1
    ? undefined
    : (await log.read(doc, { from: version, to: version, limit: 1 }, limit.call()))[0];
}

/**
 * Raw writes and half-restored backups must not get into the log: a view serves only if its event and its
 * digest vouch for it.
 */
function checkedView(
  resources: Resources,
  doc: DocumentId,
  view: View,
  event: StoredEvent | undefined,
): Folded {
  if (event !== undefined) refuseNewer(doc, event);
  const state = isPlain(view.state) ? seal(view.state) : undefined;
  const isTrue = event !== undefined && isOfEvent(view, { ...event, eventId: event.id });
  if (!isTrue || state === undefined || digestOf(state, resources.types) !== view.digest) {
    const message = `The view of document ${showId(doc)}, version ${view.version}, is not what its log gives: somebody wrote to it, or to the log, directly. verify says which; repair rewrites the view from a log that is whole.`;
    throw new DriftError(message, { id: doc, version: view.version });
  }
  const { version, at, by, id, hash, schema } = event;
  return { version, at, by, eventId: id, hash, schema, since: view.since, state };
}

/** Says that a view is above its log. */
function viewAhead(doc: DocumentId, view: number, head: number): ViewAheadError {
  const message = `The view of document ${showId(doc)} has version ${view}, but the log ends at ${head}, as after a half-restored backup. Restore the log${head === 0 ? ", or take the view away" : ", or let repair rewrite the view from it"}.`;
  return new ViewAheadError(message, { id: doc, view, head });
}

/** Says that the collection holds a document without history. */
export function notAdopted(doc: DocumentId): NotAdoptedError {
  const message = `The collection holds document ${showId(doc)} without any history. Use another id, take the raw document away, or import it into another collection, where it gets a history.`;
  return new NotAdoptedError(message, { id: doc });
}
