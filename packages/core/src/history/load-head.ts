import type { OnDocument } from "../context/on-document.ts";
import type { Resources } from "../context/resources.ts";
import type { KnownDocument } from "../context/state-cache.ts";
import { CorruptEventError } from "../errors/corrupt-event-error.ts";
import { DriftError } from "../errors/drift-error.ts";
import { NotAdoptedError } from "../errors/not-adopted-error.ts";
import { ViewAheadError } from "../errors/view-ahead-error.ts";
import { fold, refuseNewer } from "../fold/fold.ts";
import { type Folded, nothing } from "../fold/folded.ts";
import { snapshotDue } from "../fold/snapshot.ts";
import { stampOf } from "../fold/stamp.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import type { View } from "../port/view.ts";
import { isIntact } from "../port/view-digest.ts";
import { seal } from "../value/seal.ts";
import { foldForward, replay } from "./replay.ts";
import { refuseTaken } from "./taken-views.ts";

/**
 * The document compared with the head of the log: from the cache and the events after it, from the view where it matches
 * its event, or from the log. The view is always looked at, so one that somebody changed is refused. Throws DriftError, ViewAheadError, NotAdoptedError, CorruptEventError.
 */
export async function loadHead(on: OnDocument): Promise<KnownDocument> {
  const { resources, doc } = on;
  const cached = resources.cache.get(doc);
  const loaded = (cached && (await fromCache(on, cached))) ?? (await fromStorage(on));
  if (loaded.view === "none" && loaded.folded.state !== undefined) await refuseTaken(on);
  const known = { ...loaded, folded: await weighed(on, loaded.folded) };
  if (known.folded.version > 0) resources.cache.put(doc, known);
  return known;
}

/**
 * Where a snapshot seems due, it may have been taken already: by another writer, or right after the view was
 * written. The snapshots and the events after them say exactly how much there is since the newest.
 */
async function weighed(on: OnDocument, folded: Folded): Promise<Folded> {
  const { resources } = on;
  if (!snapshotDue(folded, resources.types)) return folded;
  return (await replay(on, { version: folded.version })).folded;
}

async function fromCache(
  on: OnDocument,
  { folded: cached }: KnownDocument,
): Promise<KnownDocument | undefined> {
  const { resources, doc } = on;
  // its own event, and those behind it that most writers have to catch up with
  const range = { from: cached.version, to: cached.version + caughtUpAtOnce, limit: caughtUpAtOnce + 1 };
  const [[own, ...newer], found] = await Promise.all([on.events(range), on.view()]);
  const folded = own?.hash === cached.hash ? await goneOn(on, cached, newer) : undefined;
  // not the log that this state came from (a restored backup, say); or of two reads at once the view's was the later one;
  // or somebody changed the view, which is looked at beside its event
  const isBase =
    found === undefined || (found.version <= (folded?.version ?? 0) && isIntact(found, resources.types));
  if (folded === undefined || !isBase) {
    resources.cache.delete(doc);
    return undefined;
  }
  return { folded, view: sameState(found ?? "none", cached) };
}

/** How many newer events are read with the one that is known. */
const caughtUpAtOnce = 16;

/** The document after newer events, up to the head; undefined where they do not carry on from it. */
async function goneOn(
  on: OnDocument,
  cached: Folded,
  newer: readonly StoredEvent[],
): Promise<Folded | undefined> {
  const { resources, doc } = on;
  try {
    const folded = fold(cached, newer, doc, resources.types);
    if (newer.length < caughtUpAtOnce) return folded;
    const head = await on.head(folded.version);
    return await foldForward(on, folded, head?.version ?? folded.version);
  } catch (error) {
    if (error instanceof CorruptEventError) return undefined;
    throw error;
  }
}

/** A view of the version that is known, with the state that is known: parts that did not change are then one reference. */
function sameState(view: View | "none", { version, hash, state }: Folded): View | "none" {
  const isSame = view !== "none" && view.version === version && view.hash === hash;
  return isSame ? { ...view, state } : view;
}

async function fromStorage(on: OnDocument): Promise<KnownDocument> {
  const { resources, doc } = on;
  const view = await on.view();
  const head = await headFrom(on, view);
  if (head === undefined) {
    if (view === undefined) return { folded: nothing, view: "none" };
    throw view.version === 0
      ? new NotAdoptedError({ id: doc })
      : new ViewAheadError({ id: doc, view: view.version, head: 0 });
  }
  if (view !== undefined && view.version > head.version)
    throw new ViewAheadError({ id: doc, view: view.version, head: head.version });
  if (view === undefined) {
    const { folded } = await replay(on, { version: head.version });
    return { folded, view: "none" };
  }
  const event =
    view.version === head.version ? head : view.version < 1 ? undefined : await on.event(view.version);
  const base = checkedView(resources, doc, view, event);
  // a deleted document has no state to go on from
  const folded =
    base.state === undefined
      ? (await replay(on, { version: head.version })).folded
      : await foldForward(on, base, head.version);
  return { folded, view };
}

/**
 * The newest event. The view's version is a floor: looking from there on costs the same however long the history is. Only a
 * log that is damaged, or another one, has nothing there: then all of it is looked at.
 */
async function headFrom(on: OnDocument, view: View | undefined): Promise<StoredEvent | undefined> {
  const floor = view?.version ?? 0;
  // a raw write may have left anything there
  const isFloor = Number.isSafeInteger(floor) && floor > 0;
  const found = isFloor ? await on.head(floor) : undefined;
  return found ?? on.head(0);
}

/**
 * Raw writes and half-restored backups must not get into the log: a view serves only if its event and its
 * digest vouch for it. The time of the next event follows that of the event, not of the view.
 */
function checkedView(
  resources: Resources,
  doc: DocumentId,
  view: View,
  event: StoredEvent | undefined,
): Folded {
  if (event !== undefined) refuseNewer(doc, event);
  if (event === undefined || !isIntact(view, resources.types) || !isViewOfEvent(view, event))
    throw new DriftError({ id: doc, version: view.version, found: "changed" });
  const state = view.state && seal(view.state);
  return { state, lastAt: event.at, since: view.since, ...stampOf(view) };
}

/** Whether a view has the facts of its event. For the facts from before a blank only its digest vouches. */
function isViewOfEvent(view: View, { id: eventId, hash, type, at, by, schema }: StoredEvent): boolean {
  if (view.hash !== hash || view.schema !== schema) return false;
  if (type === "blank") return view.changed < view.version;
  const same = view.changed === view.version && view.at === at && view.eventId === eventId;
  return same && idKey(view.by) === idKey(by);
}
