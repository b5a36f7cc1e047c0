import { checkCount, checkFlag, checkReasonAndMeta, optionsError } from "../../context/check-options.ts";
import type { InnerChangesQuery, InnerHistoryQuery } from "../../context/queries.ts";
import { checkUser, type DocumentId, type IdKind, idKey } from "../../model/document-id.ts";
import { isEventType, type StoredEvent } from "../../model/event.ts";
import { type CheckedMoment, checkDate, checkMoment } from "../../model/moment.ts";
import { isPath } from "../../patch/apply-patches.ts";
import type { Path } from "../../value/path.ts";
import type { PlainObject } from "../../value/value.ts";
import type { ValueTypes } from "../../value/value-type.ts";

/** A listing of events whose query is checked. */
export interface Listed {
  readonly order: "oldest" | "newest";
  readonly by: DocumentId | undefined;
  readonly type: StoredEvent["type"] | undefined;
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
  /** Whether each event comes with its changes. */
  readonly changes: boolean;
  /** The place that is followed back; undefined where it is the whole document. */
  readonly path: Path | undefined;
  /** The moment of the path; undefined for now. */
  readonly at: CheckedMoment | undefined;
}

/** The events of all documents that are asked for, between two times in milliseconds, both included. */
export interface ListedChanges extends Listed {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly path: Path | undefined;
  readonly act: string | undefined;
  readonly reason: string | undefined;
  readonly meta: PlainObject | undefined;
}

/** A part of a listing: so many events behind a place. */
export interface Part<Place> {
  readonly behind: Place | undefined;
  readonly limit: number;
}

/** Whether an event is by the user and of the type that are asked for. Blanks are passed by where nobody asks for them. */
export function isListed(event: StoredEvent, { by, type, blanks }: Listed): boolean {
  if (event.type === "blank" && !blanks && type !== "blank") return false;
  if (by !== undefined && idKey(event.by) !== idKey(by)) return false;
  return type === undefined || event.type === type;
}

/** Throws OptionsError, MomentError, UserError. */
export function checkHistory(query: InnerHistoryQuery, kinds: readonly IdKind[]): ListedHistory {
  const { from, to, after, before, changes = false, at } = query;
  checkCount(after, "after");
  checkCount(before, "before");
  checkFlag(changes, "changes");
  checkPath(query.path);
  const path = query.path?.length === 0 ? undefined : query.path;
  if (at !== undefined && path === undefined)
    throw optionsError(
      "at",
      "it is the moment of a path, and there is none; to is the last event that is listed",
    );
  return {
    ...checkListed(query, "oldest", kinds),
    from: from === undefined ? undefined : checkMoment(from),
    to: to === undefined ? undefined : checkMoment(to),
    after,
    before,
    changes,
    path,
    at: at === undefined ? undefined : checkMoment(at),
  };
}

/** Throws OptionsError, MomentError, UserError. */
export function checkChanges(
  query: InnerChangesQuery,
  kinds: readonly IdKind[],
  types: ValueTypes,
): ListedChanges {
  const { from, to, path, act, reason } = query;
  checkPath(path);
  if (act !== undefined && typeof act !== "string") throw optionsError("act", "it is the id of an act");
  const meta = checkReasonAndMeta(reason, query.meta, types);
  return {
    ...checkListed(query, "newest", kinds),
    from: from === undefined ? undefined : dateOf(from),
    to: to === undefined ? undefined : dateOf(to),
    path,
    act,
    reason,
    meta,
  };
}

function checkListed(
  query: InnerHistoryQuery | InnerChangesQuery,
  usual: Listed["order"],
  kinds: readonly IdKind[],
): Listed {
  const { order = usual, by, type, limit, blanks = false } = query;
  checkCount(limit);
  checkFlag(blanks, "blanks");
  if (order !== "oldest" && order !== "newest") throw optionsError("order", 'it is "oldest" or "newest"');
  if (type !== undefined && !isEventType(type)) throw optionsError("type", "it is a type of event");
  return { order, by: by === undefined ? undefined : checkUser(by, kinds), type, blanks };
}

function checkPath(path: unknown): void {
  if (path !== undefined && !isPath(path)) throw optionsError("path", "it is a list of keys and indexes");
}

/** The date of a question about all documents, in milliseconds. Throws MomentError. */
export function dateOf(moment: unknown): number {
  return checkDate(moment, "versions count within one document, so changes are asked for by date");
}
