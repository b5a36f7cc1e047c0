import type { OnDocument } from "../context/on-document.ts";
import { CorruptEventError } from "../errors/corrupt-event-error.ts";
import { ErasedError } from "../errors/erased-error.ts";
import { FormatTooNewError } from "../errors/format-too-new-error.ts";
import { VersionAheadError } from "../errors/version-ahead-error.ts";
import { type EventPage, foldPage } from "../fold/fold-page.ts";
import { type Folded, nothing } from "../fold/folded.ts";
import { foldedFrom } from "../fold/snapshot.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import type { CheckedMoment } from "../model/moment.ts";
import { foldInPieces } from "./in-pieces.ts";
import { readPages } from "./read-events.ts";

/** A document at a moment, and whether a later event exists, so that the answer can never change. */
export interface Replayed {
  readonly folded: Folded;
  readonly sealed: boolean;
}

/**
 * The document at a moment, from the nearest snapshot and the events after it. Throws VersionAheadError,
 * CorruptEventError.
 */
export async function replay(on: OnDocument, moment: CheckedMoment): Promise<Replayed> {
  const { resources, doc, deadline } = on;
  const { snapshots } = await on.opened();
  for (let again = false; ; ) {
    const { before, after } = await snapshots.around(doc, moment, deadline.call());
    const from = before?.version ?? 1;
    const last = "version" in moment ? moment.version : (after ?? (await headOf(on, from)));
    // one event more than asked for tells whether the answer is sealed
    const to = "version" in moment ? last + 1 : last;
    const start = before && ((event: StoredEvent | undefined) => foldedFrom(before, event, resources.types));
    const replayed = await foldRange(on, { from, to }, moment, start).catch(async (error: unknown) => {
      if (!("version" in moment) || !isUnreadable(error)) throw error;
      // an event behind the version that was asked for does it no harm
      const upTo = await foldRange(on, { from, to: last }, moment, start);
      if (upTo?.folded.version !== last) throw error;
      return { ...upTo, sealed: true };
    });
    const wrong = replayed === undefined ? from : misdated(replayed, moment, after);
    if (replayed === undefined || wrong !== undefined) {
      const version = wrong ?? from;
      resources.notice({ type: "snapshot-dropped", id: doc, version });
      await snapshots.drop(doc, version, deadline.call());
      continue;
    }
    const reached = replayed.folded.version;
    if (replayed.sealed || reached >= last) return replayed;
    const head = await headOf(on, reached);
    if (head < last) throw new VersionAheadError({ id: doc, version: last, head });
    // an event below the head is missing, unless it was stored between the two reads
    if (again) throw missing(doc, reached + 1);
    again = true;
  }
}

async function headOf(on: OnDocument, from: number): Promise<number> {
  return (await on.head(Math.max(0, from - 1)))?.version ?? 0;
}

/**
 * The version of the snapshot after a date, where no event after the date was met up to it: then its time is
 * not that of its event.
 */
function misdated(replayed: Replayed, moment: CheckedMoment, after: number | undefined): number | undefined {
  return "date" in moment && !replayed.sealed ? after : undefined;
}

/**
 * Folds a range up to a moment; undefined where the snapshot that it starts from does not match its event.
 */
async function foldRange(
  on: OnDocument,
  range: { readonly from: number; readonly to: number },
  moment: CheckedMoment,
  start: ((event: StoredEvent | undefined) => Folded | undefined) | undefined,
): Promise<Replayed | undefined> {
  const { resources, doc } = on;
  let folded: Folded | undefined = start === undefined ? nothing : undefined;
  for await (const page of readPages(on, range)) {
    let events = page;
    if (folded === undefined) {
      folded = start?.(page.event(0, doc, range.from, resources.types));
      if (folded === undefined) return undefined;
      events = page.part(1);
    }
    const end = firstAfter(events, moment);
    folded = await foldInPieces(folded, events.part(0, end), doc, resources.types);
    if (end === events.length) continue;
    // the event that ends the range is folded too: behind a hole or with a changed time it would end it early
    checkNext(on, folded, events.part(end, end + 1));
    return { folded, sealed: true };
  }
  return folded && { folded, sealed: false };
}

/** Throws CorruptEventError where the next event does not carry on from the document. An erased payload is no fault here. */
function checkNext({ resources, doc }: OnDocument, folded: Folded, next: EventPage): void {
  try {
    foldPage(folded, next, doc, resources.types);
  } catch (error) {
    if (!(error instanceof ErasedError)) throw error;
  }
}

function isUnreadable(error: unknown): boolean {
  return error instanceof CorruptEventError || error instanceof FormatTooNewError;
}

/** The place of the first event after a moment; the end where there is none. */
function firstAfter(page: EventPage, moment: CheckedMoment): number {
  const isAfter = (i: number): boolean =>
    "date" in moment ? page.at(i) > moment.date : page.version(i) > moment.version;
  let i = 0;
  while (i < page.length && !isAfter(i)) i++;
  return i;
}

/**
 * Carries a document on to a version of the log. Throws CorruptEventError where the events do not carry on
 * from it.
 */
export async function foldForward(on: OnDocument, start: Folded, to: number): Promise<Folded> {
  const { resources, doc } = on;
  let folded = start;
  for await (const page of readPages(on, { from: start.version + 1, to })) {
    folded = await foldInPieces(folded, page, doc, resources.types);
  }
  if (folded.version < to) throw missing(doc, folded.version + 1);
  return folded;
}

function missing(doc: DocumentId, version: number): CorruptEventError {
  return new CorruptEventError({ id: doc, version, reason: `version ${version} is missing` });
}
