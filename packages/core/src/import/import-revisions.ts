import { optionsError } from "../context/check-options.ts";
import type { Imported, ImportOptions, ImportProgress, Revision } from "../context/revision.ts";
import { checkId, idKey } from "../model/document-id.ts";
import { eventBytes } from "../model/record.ts";
import { pace } from "../port/pace.ts";
import { sizeOf } from "../value/size.ts";
import { noteImported } from "../views/import-notes.ts";
import type { StoreParts } from "../write/store-parts.ts";
import { checkRevision, checkTime } from "./check-revision.ts";
import { storeWaiting } from "./import-chain.ts";
import { beginRun, type ImportRun, orRefuse } from "./import-run.ts";
import { readSource } from "./import-source.ts";
import type { WaitingRevision } from "./imported-event.ts";
import {
  addRevision,
  baseOf,
  beginDocument,
  type ImportingDocument,
  lookAgain,
  orPassBy,
  stepLimit,
  wasImported,
} from "./importing-document.ts";

// those of one document are stored together, which no storage can cut
const maxWaiting = 128;
const maxWaitingBytes = 1024 * 1024;
const reportEvery = 1_000;

type Given = Revision<object, unknown>;

/** Takes in revisions: events are made one after another and stored in batches, per document in order. */
export async function importRevisions(
  parts: StoreParts,
  revisions: AsyncIterable<Given> | Iterable<Given>,
  options: ImportOptions,
): Promise<Imported> {
  const { resources, snapshots, queues } = parts;
  const run = beginRun(parts, options);
  const { counts } = run;
  const documents = new Map<string, ImportingDocument>();
  let full = new Set<ImportingDocument>();
  let waiting = { events: 0, bytes: 0 };

  const progress = (): ImportProgress => ({ documents: documents.size, ...counts });
  const report = (): void => options.onProgress?.(progress());
  const flush = async (): Promise<void> => {
    const documents = [...full];
    full = new Set();
    waiting = { events: 0, bytes: 0 };
    await noteDocuments(parts, documents);
    const storing = documents.map((document) =>
      queues.exclusively(document.doc, () => storeWaiting(run, document)),
    );
    // of all documents, so that nothing is under way any more where one of them fails
    const ended = await Promise.allSettled(storing);
    await snapshots.settled();
    for (const one of ended) if (one.status === "rejected") throw one.reason;
    report();
  };

  const take = async (given: Given): Promise<void> => {
    counts.revisions++;
    const document = await documentOf(run, documents, given);
    if (document === undefined) return;
    const waits = await queue(run, document, given);
    if (waits === undefined) return;
    const { event, folded } = waits.built;
    waiting.events++;
    waiting.bytes += eventBytes(event, resources.types);
    // one view of each document is written too
    if (!full.has(document) && folded.state !== undefined)
      waiting.bytes += sizeOf(folded.state, resources.types);
    full.add(document);
  };

  const signals = [parts.ending, ...(options.signal ? [options.signal] : [])];
  const source = readSource(revisions, signals, resources.wait);
  try {
    for (;;) {
      const next = await source.next(waiting.events > 0);
      if (next !== "quiet" && next.done === true) break;
      if (next !== "quiet") await take(next.value);
      const isFull = waiting.events >= maxWaiting || waiting.bytes >= maxWaitingBytes;
      if (isFull || next === "quiet") await flush();
      else if (counts.revisions % reportEvery === 0) report();
      await pace.turn();
    }
  } catch (error) {
    source.leave();
    // revisions read before an error are stored, so that a rerun has less to do; where that fails too, the first error is
    // the one to tell
    await flush().catch(() => undefined);
    throw error;
  }
  source.leave();
  await flush();
  const conflicts = [...documents.values()].flatMap(({ conflict }) => conflict ?? []);
  return { ...progress(), conflicts };
}

/** Where the storage does not know the order of storing, notes name the documents of an import to rebuilds and sweeps. */
async function noteDocuments(
  { resources }: StoreParts,
  documents: readonly ImportingDocument[],
): Promise<void> {
  if (documents.length === 0) return;
  const deadline = stepLimit(undefined);
  const { log } = await resources.opened(deadline);
  if (log.positions !== undefined) return;
  await noteImported(
    resources,
    documents.map(({ doc }) => doc),
    deadline,
  );
}

/** The document of a revision, which is met by it; undefined where the revision was refused. */
async function documentOf(
  run: ImportRun,
  documents: Map<string, ImportingDocument>,
  given: Given,
): Promise<ImportingDocument | undefined> {
  const { parts, counts } = run;
  const doc = orRefuse(run, { id: given?.id, revision: undefined }, () => {
    if (typeof given !== "object" || given === null)
      throw optionsError("revisions", "each is an object with id, at, by and state");
    return checkId(given.id, parts.resources.kinds);
  });
  if (doc === undefined) return undefined;
  const key = idKey(doc);
  const document = documents.get(key) ?? (await beginDocument(run, doc));
  documents.set(key, document);
  document.met++;
  if (document.refusal === undefined) return document;
  counts.refused++;
  return undefined;
}

/** Takes a revision of a document into its queue; undefined where it makes no event. */
async function queue(
  run: ImportRun,
  document: ImportingDocument,
  given: Given,
): Promise<WaitingRevision | undefined> {
  const { parts, counts } = run;
  const { resources } = parts;
  checkTime(resources, document, given.at);
  if (document.conflict !== undefined) return undefined;
  const { doc, met: revision } = document;
  const checked = orRefuse(run, { id: doc, revision }, () => checkRevision(resources, document, given));
  if (checked === undefined) {
    if (revision > (document.before?.done ?? 0)) document.refusedSince++;
    return undefined;
  }
  if (wasImported(run, document, checked)) return undefined;
  await pace.turn();
  const base = await orPassBy(run, document, async () => {
    const known = await baseOf(resources, document);
    if (known !== undefined) return known;
    const found = await lookAgain(run, document, undefined, stepLimit(doc));
    return document.conflict !== undefined || wasImported(run, document, checked) ? undefined : found;
  });
  if (document.refusal !== undefined) counts.refused++;
  return base && addRevision(run, document, checked, base);
}
