import { type OnDocument, onDocument } from "../context/on-document.ts";
import type { Resources } from "../context/resources.ts";
import type { EverdraftError } from "../errors/everdraft-error.ts";
import { ImportConflictError } from "../errors/import-conflict-error.ts";
import { type Folded, nothing } from "../fold/folded.ts";
import { afterSnapshot } from "../fold/snapshot.ts";
import { loadHead } from "../history/load-head.ts";
import { replay } from "../history/replay.ts";
import type { DocumentId } from "../model/document-id.ts";
import { type Deadline, deadlineOfCall } from "../port/deadline.ts";
import { type ImportRun, orRefuse, refusesDocument } from "./import-run.ts";
import { type ImportedBefore, importedBefore, originOf } from "./imported-before.ts";
import { type CheckedRevision, importedEvent, type WaitingRevision } from "./imported-event.ts";

/** One document of the import. Its state is in the cache, or is loaded again. */
export interface ImportingDocument {
  readonly doc: DocumentId;
  /** The answers of an earlier run; undefined where there was none. */
  before: ImportedBefore | undefined;
  /** The version up to which the document is this import's; a newer one is somebody else's. */
  version: number;
  /** Revisions met in this run. */
  met: number;
  lastAt: number;
  waiting: WaitingRevision[];
  /** Revisions that were refused since the last one that has an event or waits for it. */
  refusedSince: number;
  conflict: ImportConflictError | undefined;
  /** Why nothing can be stored in it. */
  refusal: EverdraftError | undefined;
}

/** How long the storing of a document's waiting events may take, and each step of its beginning. */
const batchTimeoutMs = 60_000;

/** The bounds of one such step, of a document or of all that wait. */
export function stepLimit(doc: DocumentId | undefined): Deadline {
  return deadlineOfCall({ timeoutMs: batchTimeoutMs }, doc);
}

/**
 * Begins with a document, of which no revision was met yet. Finds out how an earlier run of this import left it; it is in
 * conflict where it has events of others.
 */
export async function beginDocument(run: ImportRun, doc: DocumentId): Promise<ImportingDocument> {
  const document: ImportingDocument = {
    doc,
    before: undefined,
    version: 0,
    met: 0,
    lastAt: Number.NEGATIVE_INFINITY,
    waiting: [],
    refusedSince: 0,
    conflict: undefined,
    refusal: undefined,
  };
  await orPassBy(run, document, () => compareWithLog(run, document));
  return document;
}

async function compareWithLog(run: ImportRun, document: ImportingDocument): Promise<void> {
  const { resources, views } = run.parts;
  const { doc } = document;
  const on = onDocument(resources, doc, stepLimit(doc));
  const loaded = await loadHead(on);
  // an earlier run may have ended before its views were written, and no sweep looks for times so long ago
  await views.catchUp(on, loaded);
  if (loaded.folded.version > 0) await compareWith(on, run, document, { to: loaded.folded.version });
}

/**
 * Another run of this import may have gone on at the same time. The events that it stored behind the document as this one
 * knows it are compared with the revisions given from now on. Gives the document as it is now.
 */
export async function lookAgain(
  run: ImportRun,
  document: ImportingDocument,
  known: Folded | undefined,
  deadline: Deadline,
): Promise<Folded> {
  const { resources } = run.parts;
  const { doc, version, met } = document;
  const on = onDocument(resources, doc, deadline);
  const behind = known ?? (await replay(on, { version })).folded;
  const { folded } = await loadHead(on);
  await compareWith(on, run, document, { behind, to: folded.version });
  document.refusedSince = refusedBehind(document, document.refusedSince, met + 1);
  return folded;
}

async function compareWith(
  on: OnDocument,
  { name }: ImportRun,
  document: ImportingDocument,
  range: { readonly behind?: Folded; readonly to: number },
): Promise<void> {
  const { to } = range;
  const head = await on.head(to);
  const origin = head && originOf(head);
  document.version = to;
  if (origin?.name !== name)
    document.conflict = new ImportConflictError({
      id: on.doc,
      version: to,
      kind: "others",
      newestIs: origin?.name,
    });
  else document.before = await importedBefore(on, name, range);
}

/** Whether an earlier run had the revision. One that is another than it was then puts the document in conflict. */
export function wasImported(run: ImportRun, document: ImportingDocument, given: CheckedRevision): boolean {
  const { before, doc, version } = document;
  const { revision } = given;
  if (before === undefined || revision > before.done) return false;
  const found = before.compare(revision, given);
  if (found === "other")
    document.conflict = new ImportConflictError({ id: doc, version, kind: "differs", revision });
  if (found === "same") run.counts.skipped++;
  if (found === "refused") {
    const error = new ImportConflictError({ id: doc, version, kind: "refused", revision });
    run.refuse({ id: doc, revision, error });
  }
  return true;
}

/** The document that the next event changes; undefined where there are events that this run does not know. */
export async function baseOf(resources: Resources, document: ImportingDocument): Promise<Folded | undefined> {
  const { doc, version, waiting } = document;
  const last = waiting.at(-1);
  if (last !== undefined) return after(resources, last);
  const known = resources.cache.get(doc)?.folded ?? (version === 0 ? nothing : undefined);
  const base = known ?? (await loadHead(onDocument(resources, doc, stepLimit(doc)))).folded;
  return base.version <= version ? base : undefined;
}

/** Lets the event of a revision wait, built on a base; or counts the revision, where it is refused or changes nothing. */
export function addRevision(
  run: ImportRun,
  document: ImportingDocument,
  given: CheckedRevision,
  base: Folded,
): WaitingRevision | undefined {
  const { doc, refusedSince } = document;
  const { parts, name, counts } = run;
  const built = orRefuse(
    run,
    { id: doc, revision: given.revision },
    () =>
      importedEvent(parts.resources, { name, doc, refusedBefore: refusedSince }, given, base) ?? "unchanged",
  );
  if (built === undefined) document.refusedSince++;
  else if (built === "unchanged") counts.unchanged++;
  else {
    // the state after the event shares with the one before all parts that are equal in both
    const waiting = {
      base,
      built,
      refusedBefore: refusedSince,
      given: { ...given, state: built.folded.state },
    };
    document.waiting.push(waiting);
    document.refusedSince = 0;
    return waiting;
  }
  return undefined;
}

/** How many of those refused right before a revision are behind all that is stored. */
export function refusedBehind({ before }: ImportingDocument, refused: number, revision: number): number {
  return Math.max(0, Math.min(refused, revision - 1 - (before?.done ?? 0)));
}

/** Does something for a document; where nothing can be stored in it, and the import goes on, it is skipped. */
export async function orPassBy<V>(
  run: ImportRun,
  document: ImportingDocument,
  work: () => Promise<V>,
): Promise<V | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!refusesDocument(error)) throw error;
    run.passBy(document.doc, error);
    document.refusal = error;
    return undefined;
  }
}

/** The document behind the event of a revision that waits. */
export function after({ types }: Resources, { built: { folded } }: WaitingRevision): Folded {
  return afterSnapshot(folded, types);
}
