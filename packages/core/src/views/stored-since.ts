import type { Resources } from "../context/resources.ts";
import { documentsSince } from "../history/listing/list-changes.ts";
import type { Mark, MarkedPlace } from "../history/mark.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";
import type { Deadline } from "../port/deadline.ts";
import type { StoringOrder } from "../port/event-log.ts";
import { importedSince } from "./import-notes.ts";

/** Clocks are taken to differ by no more, in milliseconds. */
export const clockTolerance: number = 60_000;
/** An event may be stored so long after it was stamped, and an import's so long after they were noted: others are before it. */
const storedWithin = { event: 10_000, import: 300_000 };
const earliest = -8.64e15;
const pageSize = 1_000;

/**
 * The documents of which events were stored behind a mark, each once; without one, all documents. Where the storage knows the
 * order of storing, exactly those up to `until`. Elsewhere those with events of that time, less tolerance, and those that
 * imports noted; a mark ahead of the clock tells nothing, so then all documents.
 *
 * Cost: of each event that was stored since its place; without the order of storing the event itself.
 */
export async function* storedSince(
  resources: Resources,
  since: Mark | undefined,
  until: Mark,
  deadline: Deadline,
): AsyncGenerator<DocumentId, void> {
  const { log } = await resources.opened(deadline);
  const { positions } = log;
  if (
    positions !== undefined &&
    since?.last !== undefined &&
    (await isThere(positions, since.last, deadline))
  )
    yield* behind(positions, since.last.position, until.last?.position, deadline);
  else if (positions === undefined && since !== undefined && since.at <= until.at + clockTolerance)
    yield* (await recent(resources, since.at, deadline)) ?? allDocuments(resources, deadline);
  else yield* allDocuments(resources, deadline);
}

/** Whether the event of a mark has still its position: not where the log was put together anew. */
async function isThere(positions: StoringOrder, { position, doc, version }: MarkedPlace, deadline: Deadline) {
  if (position === 0) return true;
  const [found] = await positions.behind(position - 1, 1, deadline.call());
  if (found === undefined || doc === undefined) return false;
  return found.position === position && idKey(found.doc) === idKey(doc) && found.version === version;
}

async function* behind(
  positions: StoringOrder,
  from: number,
  to = Number.POSITIVE_INFINITY,
  deadline: Deadline,
): AsyncGenerator<DocumentId, void> {
  const seen = new Set<string>();
  for (let position = from; position < to; ) {
    const page = await positions.behind(position, pageSize, deadline.call());
    for (const place of page) {
      const key = idKey(place.doc);
      if (seen.has(key) || place.position > to) continue;
      seen.add(key);
      yield place.doc;
    }
    if (page.length < pageSize) return;
    position = page.at(-1)?.position ?? to;
  }
}

/** All at once: writers who are faster than the work on their documents would keep it from its end. */
async function recent(
  resources: Resources,
  at: number,
  deadline: Deadline,
): Promise<Iterable<DocumentId> | undefined> {
  const since = (storing: number): number => Math.max(earliest, at - clockTolerance - storing);
  const noted = await importedSince(resources, since(storedWithin.import), deadline);
  if (noted === undefined) return undefined;
  const found = new Map(noted);
  for await (const id of documentsSince({ resources, deadline }, since(storedWithin.event)))
    found.set(idKey(id), id);
  return found.values();
}

async function* allDocuments(resources: Resources, deadline: Deadline): AsyncGenerator<DocumentId, void> {
  const { log } = await resources.opened(deadline);
  for (let after: DocumentId | undefined; ; ) {
    const page = await log.documents(
      { ...(after !== undefined && { after }), limit: pageSize },
      deadline.call(),
    );
    yield* page;
    after = page.at(-1);
    if (after === undefined || page.length < pageSize) return;
  }
}
