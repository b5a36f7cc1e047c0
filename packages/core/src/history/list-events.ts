import { setImmediate as nextTurn } from "node:timers/promises";
import { optionsError } from "../context/check-options.ts";
import type { OnDocument } from "../context/on-document.ts";
import type { InnerChangesQuery, InnerHistoryQuery } from "../context/queries.ts";
import type { Resources } from "../context/resources.ts";
import { MomentError } from "../errors/moment-error.ts";
import type { DocumentId } from "../model/document-id.ts";
import { idKey } from "../model/document-id.ts";
import { isEventType, type StoredEvent } from "../model/event.ts";
import { type CheckedMoment, checkMoment } from "../model/moment.ts";
import { isPath } from "../patch/apply-patches.ts";
import { touches } from "../patch/touches.ts";
import type { Deadline } from "../port/deadline.ts";
import type { ChangePosition } from "../port/event-log.ts";
import type { Path } from "../value/path.ts";
import { readEvents } from "./read-events.ts";
import { replay } from "./replay.ts";

/** What a listing of events asks of each event. */
export interface Wanted {
  readonly by: DocumentId | undefined;
  readonly type: StoredEvent["type"] | undefined;
  readonly path: Path | undefined;
  /** Whether blanks are given too. */
  readonly blanks: boolean;
}

function isWanted(event: StoredEvent, { by, type, path, blanks }: Wanted): boolean {
  if (event.type === "blank" && !blanks && type !== "blank") return false;
  if (by !== undefined && idKey(event.by) !== idKey(by)) return false;
  if (type !== undefined && event.type !== type) return false;
  return path === undefined || event.patches.some((patch) => touches(patch, path));
}

/** Throws OptionsError unless order, type and path of a query are of the documented form. */
export function checkListing({ order, type, path }: InnerHistoryQuery | InnerChangesQuery): void {
  if (order !== undefined && order !== "oldest" && order !== "newest")
    throw optionsError("order", 'it is "oldest" or "newest"');
  if (type !== undefined && !isEventType(type)) throw optionsError("type", "it is a type of event");
  if (path !== undefined && !isPath(path)) throw optionsError("path", "it is a list of keys and indexes");
}

/** The events of a document that a query asks for. Cost: pages of the range between its moments. */
export async function* listHistory(
  on: OnDocument,
  query: InnerHistoryQuery,
  wanted: Wanted,
): AsyncGenerator<StoredEvent> {
  const { resources, doc } = on;
  const from = query.from === undefined ? undefined : checkMoment(query.from);
  const to = query.to === undefined ? undefined : checkMoment(query.to);
  const head = (await on.head(resources.cache.get(doc)?.folded.version ?? 0))?.version ?? 0;
  const first = await firstVersion(on, from);
  const last = await lastVersion(on, to, head);
  let left = query.limit ?? Number.POSITIVE_INFINITY;
  for await (const page of pages(on, { from: first, to: last }, query.order ?? "oldest")) {
    for (const event of page) {
      if (left <= 0) return;
      if (!isWanted(event, wanted)) continue;
      left--;
      yield event;
    }
  }
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

/** The events of all documents that a query asks for, by time. */
export async function* listChanges(
  resources: Resources,
  query: InnerChangesQuery,
  wanted: Wanted,
  deadline: Deadline,
): AsyncGenerator<StoredEvent> {
  const { log } = await resources.opened(deadline);
  const { by, type } = wanted;
  const fixed = {
    ...(query.from !== undefined && { from: dateOf(query.from) }),
    ...(query.to !== undefined && { to: dateOf(query.to) }),
    ...(by !== undefined && { by }),
    ...(type !== undefined && { type }),
    order: query.order ?? ("newest" as const),
    limit: pageSize,
  };
  let left = query.limit ?? Number.POSITIVE_INFINITY;
  let after: ChangePosition | undefined;
  for (;;) {
    const page = await log.changes({ ...fixed, ...(after && { after }) }, deadline.call());
    for (const event of page) {
      if (left <= 0) return;
      if (!isWanted(event, wanted)) continue;
      left--;
      yield event;
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = { at: last.at, doc: last.doc, version: last.version };
    await nextTurn();
  }
}

function dateOf(moment: unknown): number {
  const checked = checkMoment(moment);
  if ("date" in checked) return checked.date;
  const reason = "versions count within one document, so changes are asked for by date";
  throw new MomentError(`This is no date: ${reason}.`, { reason });
}
