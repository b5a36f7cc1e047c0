import { ImportConflictError } from "../errors/import-conflict-error.ts";
import { ImportFutureError } from "../errors/import-future-error.ts";
import { ImportOrderError } from "../errors/import-order-error.ts";
import { StorageError } from "../errors/storage-error.ts";
import { ValueError } from "../errors/value-error.ts";
import type { Folded } from "../fold/folded.ts";
import { snapshotDue } from "../fold/snapshot.ts";
import { checkUser, type DocumentId, showId } from "../model/document-id.ts";
import { importedEventId } from "../model/event-id.ts";
import { normalise } from "../model/normalise.ts";
import { normaliseState } from "../model/state.ts";
import { type PlainObject, timeOf } from "../model/value.ts";
import { diffStates } from "../patch/diff.ts";
import { viewOf } from "../projection/view-of.ts";
import { append } from "./append.ts";
import { type BuiltEvent, buildEvent } from "./build-event.ts";
import { checkReasonAndMeta, optionsError } from "./check-options.ts";
import { type ImportedBefore, importedBefore, originOf } from "./imported-before.ts";
import { startLimit } from "./limit.ts";
import { loadHead } from "./load-head.ts";
import type { StoreParts } from "./parts.ts";
import type { Resources } from "./resources.ts";
import type { Revision } from "./revision.ts";

/** One document of the import. Its state is in the cache, or is loaded again. */
export interface ImportingDocument {
  readonly doc: DocumentId;
  /** What an earlier run stored; undefined where there was none. */
  readonly before: ImportedBefore | undefined;
  /** The version up to which the document is this import's; a newer one is somebody else's. */
  version: number;
  /** Revisions met in this run. */
  met: number;
  lastAt: number;
  waiting: BuiltEvent[];
  conflict: ImportConflictError | undefined;
}

const batchTimeoutMs = 60_000;

/** Throws ImportOrderError or ImportFutureError unless a revision's time follows the one before. */
export function checkTime(resources: Resources, document: ImportingDocument, at: unknown): void {
  const time = timeOf(at);
  if (time === undefined || Number.isNaN(time)) throw outOfOrder(document, "its `at` is not a valid Date");
  if (time < document.lastAt) throw outOfOrder(document, "its time is before that of the revision before it");
  if (time > resources.clock.now()) throw inFuture(document);
  document.lastAt = time;
}

/** The document as an earlier run of this import left it, or new; or in conflict where it has events of others. */
export async function beginDocument(
  { resources, views }: StoreParts,
  doc: DocumentId,
  name: string,
): Promise<ImportingDocument> {
  const limit = startLimit({ timeoutMs: batchTimeoutMs }, doc);
  const loaded = await loadHead(resources, doc, limit, true);
  // an earlier run may have ended before its views were written, and no sweep looks for times so long ago
  await views.catchUp(doc, loaded, limit);
  const { folded } = loaded;
  const { version } = folded;
  const document = { doc, version, met: 0, lastAt: Number.NEGATIVE_INFINITY, waiting: [] };
  if (version === 0) return { ...document, before: undefined, conflict: undefined };
  const { log } = await resources.opened(limit);
  const head = await log.head(doc, version, limit.call());
  const origin = head && originOf(head);
  if (origin?.name !== name) {
    return { ...document, before: undefined, conflict: hasOthers(doc, version, origin?.name) };
  }
  const before = await importedBefore(resources, doc, name, version, limit);
  return { ...document, before, conflict: undefined };
}

/** Whether an earlier run stored a revision. One that is another than it was then puts the document in conflict. */
export function wasImported(
  resources: Resources,
  document: ImportingDocument,
  revision: Revision<object, unknown>,
): boolean {
  const { before, met, doc, version } = document;
  if (before === undefined || met > before.done) return false;
  const by = checkUser(revision.by, resources.kinds);
  const state = revision.state === null ? undefined : stateOf(resources, document, revision.state);
  const given = { at: revision.at.getTime(), by, reason: revision.reason, state };
  if (!before.isSame(met, given)) document.conflict = isOther(doc, met, version);
  return true;
}

/**
 * The event of a revision, or undefined where it equals the one before, or where the document was edited
 * meanwhile: then it is in conflict. Throws ValueError, UserError, TooLargeError.
 */
export async function buildRevision(
  resources: Resources,
  document: ImportingDocument,
  revision: Revision<object, unknown>,
  name: string,
): Promise<BuiltEvent | undefined> {
  const { types, kinds, schema, clock } = resources;
  const { doc, met } = document;
  const user = checkUser(revision.by, kinds);
  const base = await baseOf(resources, document);
  if (base.version > document.version + document.waiting.length) {
    document.conflict = hasOthers(doc, base.version);
    return undefined;
  }
  const state = revision.state === null ? undefined : stateOf(resources, document, revision.state);
  const patches = diffStates(base.state, state, types, "content");
  if (patches.length === 0) return undefined;
  const given = checkReasonAndMeta(revision.reason, revision.meta, types);
  if (given !== undefined && Object.hasOwn(given, "import"))
    throw optionsError("meta", "its field import is the library's own; use another name");
  const origin = { name, revision: met, at: new Date(clock.now()) };
  const meta = normalise({ ...given, import: origin }, types) as PlainObject;
  const signature = { eventId: importedEventId(name, doc, met, types), user, reason: revision.reason, meta };
  const at = Math.max(revision.at.getTime(), base.at);
  return buildEvent(
    resources,
    doc,
    base,
    { type: "imported", patches, schema: schema.version },
    signature,
    at,
  );
}

function stateOf(resources: Resources, { doc, met }: ImportingDocument, state: object): PlainObject {
  try {
    return normaliseState(state, doc, resources.types);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new ValueError(`Revision ${met} of document ${showId(doc)}: ${error.message}`, error.details);
  }
}

async function baseOf(resources: Resources, document: ImportingDocument): Promise<Folded> {
  const last = document.waiting.at(-1);
  if (last === undefined) {
    const { doc } = document;
    const limit = startLimit({ timeoutMs: batchTimeoutMs }, doc);
    return resources.cache.get(doc) ?? (await loadHead(resources, doc, limit)).folded;
  }
  return snapshotDue(last.folded, resources.types) ? { ...last.folded, since: 0 } : last.folded;
}

/**
 * Stores a document's waiting events as one chain; a foreign event in their way ends the document's import.
 */
export async function storeWaiting(parts: StoreParts, document: ImportingDocument): Promise<number> {
  const { resources, batcher, views, snapshots } = parts;
  const { doc, waiting } = document;
  document.waiting = [];
  const limit = startLimit({ timeoutMs: batchTimeoutMs }, doc);
  const sendings = waiting.map(({ event, folded }, i) => ({
    event,
    ...(i === waiting.length - 1 && { view: viewOf(folded, doc, resources.types) }),
    keyed: true,
    given: () => limit.remaining() === 0,
    sent: () => undefined,
  }));
  const { stored, view, failure } = await append(resources, batcher, sendings, limit);
  for (const { folded } of waiting.slice(0, stored)) {
    if (snapshotDue(folded, resources.types)) snapshots.keep(doc, folded);
  }
  const last = waiting[stored - 1];
  if (last !== undefined) {
    document.version = last.folded.version;
    const due = snapshotDue(last.folded, resources.types);
    resources.cache.put(doc, due ? { ...last.folded, since: 0 } : last.folded);
    await views.follow(doc, last.folded, view, limit);
  }
  if (failure?.why === "refused") throw failure.error;
  if (failure?.why === "open") throw undecided(doc);
  if (failure !== undefined) document.conflict = hasOthers(doc, failure.occupant.version);
  return stored;
}

function undecided(doc: DocumentId): StorageError {
  const message = `The import of document ${showId(doc)} got no answer for ${batchTimeoutMs} ms. Run the import again: it goes on where it stopped.`;
  return new StorageError(message, { operation: "import" });
}

function outOfOrder({ doc, met }: ImportingDocument, fault: string): ImportOrderError {
  const message = `Revision ${met} of document ${showId(doc)} cannot be taken: ${fault}. Give the revisions of a document in the order of their times.`;
  return new ImportOrderError(message, { id: doc, revision: met });
}

function inFuture({ doc, met }: ImportingDocument): ImportFutureError {
  const message = `Revision ${met} of document ${showId(doc)} lies in the future. Check its time, and this machine's clock.`;
  return new ImportFutureError(message, { id: doc, revision: met });
}

function hasOthers(doc: DocumentId, version: number, other?: string): ImportConflictError {
  const whose = other === undefined ? "" : `: the newest is of the import ${JSON.stringify(other)}`;
  const remedy =
    other === undefined ? "" : " If this is the same import, give it that name; if it is another one:";
  const message = `Document ${showId(doc)} has events that are not of this import, up to version ${version}${whose}. It was passed by.${remedy} Import it under another id.`;
  return new ImportConflictError(message, { id: doc, version });
}

function isOther(doc: DocumentId, revision: number, version: number): ImportConflictError {
  const message = `Revision ${revision} of document ${showId(doc)} is another than the one that an earlier run of this import stored. The document was passed by from there on. Give the same revisions again, and new ones behind them; if this is another import, give it another name, and the document another id.`;
  return new ImportConflictError(message, { id: doc, version });
}
