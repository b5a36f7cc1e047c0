import { checkCount, checkFlag, optionsError } from "../context/check-options.ts";
import type { OnDocument } from "../context/on-document.ts";
import type { InnerChangesQuery, InnerHistoryQuery } from "../context/queries.ts";
import { checkUser, type DocumentId, type IdKind, idKey } from "../model/document-id.ts";
import { isEventType, type StoredEvent } from "../model/event.ts";
import { type CheckedMoment, checkDate, checkMoment } from "../model/moment.ts";
import { isPath } from "../patch/apply-patches.ts";
import { touches } from "../patch/touches.ts";
import type { ChangePosition } from "../port/event-log.ts";
import { pace } from "../port/pace.ts";
import type { Path } from "../value/path.ts";
import { readEvents } from "./read-events.ts";
import { replay } from "./replay.ts";

/** A listing of events whose query is checked. */
interface Listed {
  readonly order: "oldest" | "newest";
  readonly by: DocumentId | undefined;
  readonly type: StoredEvent["type"] | undefined;
  readonly path: Path | undefined;
  /** Whether blanks are given too. */
  readonly blanks: boolean;
}

/** The events of a document that are asked for; its bounds are included. */
export interface ListedHistory extends Listed {
  readonly from: CheckedMoment | undefined;
  readonly to: CheckedMoment | undefined;
  /** Versions that are not included. */
  readonly after: number | undefined;
  readonly before: number | undefined;
}

/** The events of all documents that are asked for, between two times in milliseconds, both included. */
export interface ListedChanges extends Listed {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

function isWanted(event: StoredEvent, { by, type, path, blanks }: Listed): boolean {
  if (event.type === "blank" && !blanks && type !== "blank") return false;
  if (by !== undefined && idKey(event.by) !== idKey(by)) return false;
  if (type !== undefined && event.type !== type) return false;
  return path === undefined || event.patches.some((patch) => touches(patch, path));
}

/** Throws OptionsError, MomentError, UserError. */
export function checkHistory(query: InnerHistoryQuery, kinds: readonly IdKind[]): ListedHistory {
  const { from, to, after, before } = query;
  checkCount(after, "after");
  checkCount(before, "before");
  return {
    ...checkListed(query, "oldest", kinds),
    from: from === undefined ? undefined : checkMoment(from),
    to: to === undefined ? undefined : checkMoment(to),
    after,
    before,
  };
}

/** Throws OptionsError, MomentError, UserError. */
export function checkChanges(query: InnerChangesQuery, kinds: readonly IdKind[]): ListedChanges {
  const { from, to } = query;
  return {
    ...checkListed(query, "newest", kinds),
    from: from === undefined ? undefined : dateOf(from),
    to: to === undefined ? undefined : dateOf(to),
  };
}

function checkListed(
  query: InnerHistoryQuery | InnerChangesQuery,
  usual: Listed["order"],
  kinds: readonly IdKind[],
): Listed {
  const { order = usual, by, type, path, limit, blanks = false } = query;
  checkCount(limit);
  checkFlag(blanks, "blanks");
  if (order !== "oldest" && order !== "newest") throw optionsError("order", 'it is "oldest" or "newest"');
  if (type !== undefined && !isEventType(type)) throw optionsError("type", "it is a type of event");
  if (path !== undefined && !isPath(path)) throw optionsError("path", "it is a list of keys and indexes");
  return { order, by: by === undefined ? undefined : checkUser(by, kinds), type, path, blanks };
}

/** A part of a listing: so many events behind a place. */
export interface Part<Place> {
  readonly behind: Place | undefined;
  readonly limit: number;
}

/** The events of a document that are asked for. Cost: pages of the range between its moments. */
export async function* listHistory(
  on: OnDocument,
  asked: ListedHistory,
  { behind, limit }: Part<number>,
): AsyncGenerator<StoredEvent> {
  const { order } = asked;
  const range = await rangeOf(on, asked);
  const from = order === "oldest" && behind !== undefined ? Math.max(range.from, behind + 1) : range.from;
  const to = order === "newest" && behind !== undefined ? Math.min(range.to, behind - 1) : range.to;
  let left = limit;
  for await (const page of pages(on, { from, to }, order)) {
    for (const event of page) {
      if (left <= 0) return;
      if (!isWanted(event, asked)) continue;
      left--;
      yield event;
    }
  }
}

/** The versions that are asked for, both included. */
async function rangeOf(
  on: OnDocument,
  { from, to, after = 0, before = Number.POSITIVE_INFINITY }: ListedHistory,
): Promise<{ readonly from: number; readonly to: number }> {
  const head = (await on.head(on.resources.cache.get(on.doc)?.folded.version ?? 0))?.version ?? 0;
  return {
    from: Math.max(after + 1, await firstVersion(on, from)),
    to: Math.min(before - 1, await lastVersion(on, to, head)),
  };
}

async function* pages(
  on: OnDocument,
  range: { readonly from: number; readonly to: number },
  order: "oldest" | "newest",
): AsyncGenerator<readonly StoredEvent[]> {
  if (order === "oldest") return yield* readEvents(on, range);
  const size = 64;
  for (let to = range.to; to >= range.from; to -= size) {
    const from = Math.max(range.from, to - size + 1);
    for await (const page of readEvents(on, { from, to })) yield page.toReversed();
    await pace.turn();
  }
}

/** The version of the first event at or after a moment. */
async function firstVersion(on: OnDocument, from: CheckedMoment | undefined): Promise<number> {
  if (from === undefined) return 1;
  if ("version" in from) return from.version;
  return (await replay(on, { date: from.date - 1 })).folded.version + 1;
}

/** The version of the last event at or before a moment. */
async function lastVersion(on: OnDocument, to: CheckedMoment | undefined, head: number): Promise<number> {
  if (to === undefined) return head;
  if ("version" in to) return Math.min(to.version, head);
  return (await replay(on, to)).folded.version;
}

const pageSize = 200;

/** The events of all documents that are asked for, by time. */
export async function* listChanges(
  { resources, deadline }: Pick<OnDocument, "resources" | "deadline">,
  asked: ListedChanges,
  part: Part<ChangePosition>,
): AsyncGenerator<StoredEvent> {
  const { log } = await resources.opened(deadline);
  const { from, to, by, type, order } = asked;
  const fixed = {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(by !== undefined && { by }),
    ...(type !== undefined && { type }),
    order,
    limit: pageSize,
  };
  let left = part.limit;
  let after = part.behind;
  for (;;) {
    const page = await log.changes({ ...fixed, ...(after && { after }) }, deadline.call());
    for (const event of page) {
      if (left <= 0) return;
      if (!isWanted(event, asked)) continue;
      left--;
      yield event;
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = placeInChanges(last);
    await pace.turn();
  }
}

/** The place of an event among those of all documents. */
export function placeInChanges({ at, doc, version }: StoredEvent): ChangePosition {
  return { at, doc, version };
}

function dateOf(moment: unknown): number {
  return checkDate(moment, "versions count within one document, so changes are asked for by date");
}
