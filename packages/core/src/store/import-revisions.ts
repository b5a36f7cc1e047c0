import { setImmediate as nextTurn } from "node:timers/promises";
import { checkId, idKey } from "../model/document-id.ts";
import { eventBytes } from "../model/event-hash.ts";
import { optionsError } from "./check-options.ts";
import {
  beginDocument,
  buildRevision,
  checkTime,
  type ImportingDocument,
  storeWaiting,
  wasImported,
} from "./importing-document.ts";
import type { StoreParts } from "./parts.ts";
import type { Imported, ImportOptions, ImportProgress, Revision } from "./revision.ts";

const maxWaiting = 256;
const maxWaitingBytes = 4 * 1024 * 1024;
const reportEvery = 1_000;

/** Takes in revisions: events are made one after another and stored in batches, per document in order. */
export async function importRevisions(
  parts: StoreParts,
  revisions: AsyncIterable<Revision<object, unknown>> | Iterable<Revision<object, unknown>>,
  options: ImportOptions,
): Promise<Imported> {
  const { resources, snapshots } = parts;
  const name = options.name ?? "import";
  const documents = new Map<string, ImportingDocument>();
  const full = new Set<ImportingDocument>();
  const counts = { revisions: 0, events: 0, unchanged: 0, skipped: 0 };
  let waiting = { events: 0, bytes: 0 };

  const progress = (): ImportProgress => ({ documents: documents.size, ...counts });
  const report = async (): Promise<void> => {
    options.onProgress?.(progress());
    // a storage in this process answers without giving up its turn: here timers and signals have theirs
    await nextTurn();
  };
  const flush = async (): Promise<void> => {
    const stored = await Promise.all([...full].map((document) => storeWaiting(parts, document)));
    counts.events += stored.reduce((sum, events) => sum + events, 0);
    await snapshots.settled();
    full.clear();
    waiting = { events: 0, bytes: 0 };
    await report();
  };

  const take = async (revision: Revision<object, unknown>): Promise<void> => {
    counts.revisions++;
    if (typeof revision !== "object" || revision === null)
      throw optionsError("revisions", "each is an object with id, at, by and state");
    const doc = checkId(revision.id, resources.kinds);
    const key = idKey(doc);
    const document = documents.get(key) ?? (await beginDocument(parts, doc, name));
    documents.set(key, document);
    document.met++;
    checkTime(resources, document, revision.at);
    if (document.conflict !== undefined) return;
    if (wasImported(resources, document, revision)) {
      if (document.conflict === undefined) counts.skipped++;
      return;
    }
    const built = await buildRevision(resources, document, revision, name);
    if (built === undefined) {
      if (document.conflict === undefined) counts.unchanged++;
      return;
    }
    document.waiting.push(built);
    full.add(document);
    waiting.events++;
    waiting.bytes += eventBytes(built.event, resources.types);
  };

  try {
    for await (const revision of revisions) {
      options.signal?.throwIfAborted();
      parts.refuseClosed();
      await take(revision);
      if (waiting.events >= maxWaiting || waiting.bytes >= maxWaitingBytes) await flush();
      else if (counts.revisions % reportEvery === 0) await report();
    }
  } finally {
    // what was read before an error is stored, so that a rerun has less to do
    await flush();
  }
  const conflicts = [...documents.values()].flatMap(({ conflict }) => conflict ?? []);
  return { ...progress(), conflicts };
}
