import { ImportConflictError } from "../errors/import-conflict-error.ts";
import { ImportFutureError } from "../errors/import-future-error.ts";
import { ImportOrderError } from "../errors/import-order-error.ts";
import { StorageError } from "../errors/storage-error.ts";
import type { Folded } from "../fold/folded.ts";
import { snapshotDue } from "../fold/snapshot.ts";
import { checkId, checkUser, type DocumentId, idKey, showId } from "../model/document-id.ts";
import { eventBytes } from "../model/event-hash.ts";
import { importedEventId } from "../model/event-id.ts";
import { normalise } from "../model/normalise.ts";
import { normaliseState } from "../model/state.ts";
import type { PlainObject } from "../model/value.ts";
import { diffStates } from "../patch/diff.ts";
import { viewOf } from "../projection/view-of.ts";
import { append } from "./append.ts";
import { type BuiltEvent, buildEvent } from "./build-event.ts";
import { startLimit } from "./limit.ts";
import { loadHead } from "./load-head.ts";
import type { UserId } from "./options.ts";
import type { StoreParts } from "./parts.ts";
import type { Resources } from "./resources.ts";

/** One earlier state of a document, from elsewhere. */
export interface Revision<T, Id = string> {
  /** The document. */
  readonly id: Id;
  /** When the document came to be so; not before the revision before it, not in the future. */
  readonly at: Date;
  /** Who made it so. */
  readonly by: UserId<Id>;
  /** The whole state, or null where the document was deleted. */
  readonly state: T | null;
  /** Why. */
  readonly reason?: string;
  /** What is to be kept with the event. */
  readonly meta?: object;
}

/** How far an import is. */
export interface ImportProgress {
  /** Documents met so far. */
  readonly documents: number;
  /** Revisions read so far. */
  readonly revisions: number;
  /** Events stored by this run. */
  readonly events: number;
  /** Revisions equal to the one before them, which make no event. */
  readonly unchanged: number;
  /** Revisions that an earlier run of this import had stored. */
  readonly skipped: number;
}

/** What an import did. */
export interface Imported extends ImportProgress {
  /** The documents that have events of others and were passed by, with the reason of each. */
  readonly conflicts: readonly ImportConflictError[];
}

/** How an import is done. */
export interface ImportOptions {
  /**
   * The name of the import, the same in each run: a rerun goes on where the one before stopped. Default
   * `"import"`.
   */
  readonly name?: string;
  /** Stops between two batches with the signal's reason; a rerun goes on there. */
  readonly signal?: AbortSignal;
  /** Called after every batch and at the end. */
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** One document of the import. Its state is in the cache, or is loaded again. */
interface Importing {
  readonly doc: DocumentId;
  /** Revisions that an earlier run stored. */
  readonly done: number;
  /** Revisions met in this run. */
  met: number;
  lastAt: number;
  waiting: BuiltEvent[];
  conflict: ImportConflictError | undefined;
}

const maxWaiting = 256;
const maxWaitingBytes = 4 * 1024 * 1024;
const batchTimeoutMs = 60_000;

/** Takes in revisions: events are made one after another and stored in batches, per document in order. */
export async function importRevisions(
  parts: StoreParts,
  revisions: AsyncIterable<Revision<object, unknown>> | Iterable<Revision<object, unknown>>,
  options: ImportOptions,
): Promise<Imported> {
  const { resources } = parts;
  const name = options.name ?? "import";
  const documents = new Map<string, Importing>();
  const counts = { revisions: 0, events: 0, unchanged: 0, skipped: 0 };
  const progress = (): ImportProgress => ({ documents: documents.size, ...counts });
  let waiting = 0;
  let waitingBytes = 0;

  const flush = async (): Promise<void> => {
    const full = [...documents.values()].filter((one) => one.waiting.length > 0);
    for (const stored of await Promise.all(full.map((one) => storeWaiting(parts, one))))
      counts.events += stored;
    await parts.snapshots.settled();
    waiting = 0;
    waitingBytes = 0;
    options.onProgress?.(progress());
  };

  try {
    for await (const revision of revisions) {
      options.signal?.throwIfAborted();
      parts.refuseClosed();
      counts.revisions++;
      const importing = await meet(parts, documents, revision, name);
      if (importing.conflict !== undefined) continue;
      if (importing.met <= importing.done) {
        counts.skipped++;
        continue;
      }
      const built = await build(resources, importing, revision, name);
      if (built === undefined) {
        counts.unchanged++;
        continue;
      }
      importing.waiting.push(built);
      waiting++;
      waitingBytes += eventBytes(built.event, resources.types);
      if (waiting >= maxWaiting || waitingBytes >= maxWaitingBytes) await flush();
    }
  } finally {
    // what was read before an error is stored, so that a rerun has less to do
    await flush();
  }
  const conflicts = [...documents.values()].flatMap(({ conflict }) => conflict ?? []);
  return { ...progress(), conflicts };
}

/** Finds the document of a revision and checks the revision's time. */
async function meet(
  parts: StoreParts,
  documents: Map<string, Importing>,
  revision: Revision<object, unknown>,
  name: string,
): Promise<Importing> {
  const { resources } = parts;
  const doc = checkId(revision.id, resources.kinds);
  const key = idKey(doc);
  const importing = documents.get(key) ?? (await begin(resources, doc, name));
  documents.set(key, importing);
  importing.met++;
  const at = revision.at instanceof Date ? revision.at.getTime() : Number.NaN;
  if (!(at >= importing.lastAt)) throw outOfOrder(importing);
  if (at > resources.clock.now()) throw inFuture(importing);
  importing.lastAt = at;
  return importing;
}

async function begin(resources: Resources, doc: DocumentId, name: string): Promise<Importing> {
  const limit = startLimit({ timeoutMs: batchTimeoutMs }, doc);
  const { folded } = await loadHead(resources, doc, limit);
  const importing = { doc, met: 0, lastAt: Number.NEGATIVE_INFINITY, waiting: [] };
  if (folded.version === 0) return { ...importing, done: 0, conflict: undefined };
  const { log } = await resources.opened(limit);
  const head = await log.head(doc, folded.version, limit.call());
  const origin = head?.type === "imported" ? (head.meta?.import as PlainObject | undefined) : undefined;
  if (origin?.name === name && typeof origin.revision === "number") {
    return { ...importing, done: origin.revision, conflict: undefined };
  }
  return { ...importing, done: 0, conflict: hasOthers(doc, folded.version) };
}

async function build(
  resources: Resources,
  importing: Importing,
  revision: Revision<object, unknown>,
  name: string,
): Promise<BuiltEvent | undefined> {
  const { types, kinds, schema, clock } = resources;
  const { doc, met } = importing;
  const user = checkUser(revision.by, kinds);
  const base = await baseOf(resources, importing);
  const state = revision.state === null ? undefined : normaliseState(revision.state, doc, types);
  const patches = diffStates(base.state, state, types, "content");
  if (patches.length === 0) return undefined;
  const origin = { name, revision: met, at: new Date(clock.now()) };
  const meta = normalise({ ...revision.meta, import: origin }, types) as PlainObject;
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

async function baseOf(resources: Resources, importing: Importing): Promise<Folded> {
  const last = importing.waiting.at(-1);
  if (last === undefined) {
    const { doc } = importing;
    const limit = startLimit({ timeoutMs: batchTimeoutMs }, doc);
    return resources.cache.get(doc) ?? (await loadHead(resources, doc, limit)).folded;
  }
  return snapshotDue(last.folded, resources.types) ? { ...last.folded, since: 0 } : last.folded;
}

/**
 * Stores a document's waiting events as one chain; a foreign event in their way ends the document's import.
 */
async function storeWaiting(parts: StoreParts, importing: Importing): Promise<number> {
  const { resources, batcher, views, snapshots } = parts;
  const { doc, waiting } = importing;
  importing.waiting = [];
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
    const due = snapshotDue(last.folded, resources.types);
    resources.cache.put(doc, due ? { ...last.folded, since: 0 } : last.folded);
    await views.follow(doc, last.folded, view, limit);
  }
  if (failure?.why === "refused") throw failure.error;
  if (failure?.why === "open") throw undecided(doc);
  if (failure !== undefined) importing.conflict = hasOthers(doc, failure.occupant.version);
  return stored;
}

function undecided(doc: DocumentId): StorageError {
  const message = `The import of document ${showId(doc)} got no answer for ${batchTimeoutMs} ms. Run the import again: it goes on where it stopped.`;
  return new StorageError(message, { operation: "import" });
}

function outOfOrder({ doc, met }: Importing): ImportOrderError {
  const message = `Revision ${met} of document ${showId(doc)} has no valid time, or one before that of the revision before it. Give the revisions of a document in the order of their times.`;
  return new ImportOrderError(message, { id: doc, revision: met });
}

function inFuture({ doc, met }: Importing): ImportFutureError {
  const message = `Revision ${met} of document ${showId(doc)} lies in the future. Check its time, and this machine's clock.`;
  return new ImportFutureError(message, { id: doc, revision: met });
}

function hasOthers(doc: DocumentId, version: number): ImportConflictError {
  const message = `Document ${showId(doc)} has events that are not of this import, up to version ${version}, and was passed by. Import it under another id.`;
  return new ImportConflictError(message, { id: doc, version });
}
