import type { DocumentId } from "../model/document-id.ts";
import type { EventType } from "../model/event.ts";
import type { SortBy } from "../model/filter-types.ts";
import type { Moment } from "../model/moment.ts";
import type { PlainObject } from "../value/value.ts";
import type { CallOptions, UserId } from "./options.ts";

/** Which events, of one document or of all. */
interface EventsQuery<Id, Type extends EventType> extends CallOptions {
  /** Only this user's. */
  readonly by?: UserId<Id>;
  /** Only of this type. */
  readonly type?: Type;
  /** Whether blanks are given too: events that change nothing, by which a slot was closed or a key remembered. Default false. */
  readonly blanks?: boolean;
  /** Default: oldest first for `history`, newest first for `changes`. */
  readonly order?: "oldest" | "newest";
  /** At most so many. Default: no limit. */
  readonly limit?: number;
}

/** Which events of a document. */
export interface HistoryQuery<Id = string, Type extends EventType = EventType> extends EventsQuery<Id, Type> {
  /** From this moment on, included. */
  readonly from?: Moment;
  /** Up to this moment, included. */
  readonly to?: Moment;
  /** Only events behind this version. */
  readonly after?: number;
  /** Only events before this version. */
  readonly before?: number;
  /**
   * Only events that changed the value at this place, wherever it stood then: keys and indexes of the state at `at`, in the
   * store's schema. Elements of arrays are followed back through moves, as `blame` does it; a move alone is no change of
   * the element. An element begins with the event that brought it; a field is the same one each time that it is there,
   * also before a deletion. `[]` is everything. An index may be given as a text.
   */
  readonly path?: readonly (string | number)[];
  /** The moment of the path; no later event is listed. Default: now. */
  readonly at?: Moment;
  /**
   * Whether each event comes with its changes: `ChangedEvent`. With a path those of its place and inside of it. Default
   * false.
   */
  readonly changes?: boolean;
}

/** Which events of all documents. Dates only: versions count within one document. */
export interface ChangesQuery<Id = string, Type extends EventType = EventType> extends EventsQuery<Id, Type> {
  /** From this date on, included. */
  readonly from?: Date;
  /** Up to this date, included. */
  readonly to?: Date;
  /**
   * Only those that touch this place, something inside it, or whatever holds it: keys, indexes, and `*` for every element of
   * a list; `[]` is everything. It is compared with the patches as they were stored, so an insertion or a removal in a list
   * touches all places behind it. An index may be given as a text.
   */
  readonly path?: readonly (string | number)[];
  /** Only those of this act: the id that all events of one call over several documents have. */
  readonly act?: string;
  /** Only those with exactly this reason. */
  readonly reason?: string;
  /** Only those whose meta has these fields with these values; other fields do not count. */
  readonly meta?: object;
}

/**
 * Which events are counted, and by which spans of time.
 *
 * @typeParam Id the ids of documents
 */
export interface ActivityQuery<Id = string> extends CallOptions {
  /** The spans: hours or days of the time zone. */
  readonly bucket: "hour" | "day";
  /** The name of an IANA time zone, such as `Europe/Berlin`. Default `UTC`. */
  readonly timeZone?: string;
  /** Only events of this document. */
  readonly id?: Id;
  /** Only this user's. */
  readonly by?: UserId<Id>;
  /** From this date on, included. */
  readonly from?: Date;
  /** Up to this date, included. */
  readonly to?: Date;
}

/**
 * How many events of one type a user stored in one span of time.
 *
 * @typeParam Id the ids of documents
 */
export interface ActivityCount<Id = string> {
  /** The beginning of the span. */
  readonly start: Date;
  /** The user. */
  readonly by: Id | string;
  /** The type of the events. */
  readonly type: EventType;
  /** How many, from 1. */
  readonly count: number;
}

/** How documents are counted. */
export interface CountOptions extends CallOptions {
  /**
   * Documents of a newer schema than the store's, written by newer code: `"skip"` leaves them out and tells the notice
   * `newer-schema`, `"refuse"` throws SchemaTooNewError where there is one. Default `"skip"`.
   */
  readonly onNewer?: "skip" | "refuse";
}

/** The names of the top-level fields of a state. */
export type FieldName<T> = T extends unknown ? keyof T & string : never;

/**
 * A state of which only some top-level fields were asked for; the whole where `Fields` is undefined.
 *
 * @typeParam T the document's state
 * @typeParam Fields the names of the fields
 */
export type Selected<T, Fields> = [undefined] extends [Fields]
  ? T
  : T extends unknown
    ? Pick<T, Extract<keyof T, Fields>>
    : never;

/**
 * How a find is ordered and cut.
 *
 * @typeParam T the document's state
 * @typeParam Fields the fields that `select` names
 */
export interface FindOptions<T, Fields = FieldName<T>> extends CountOptions {
  /**
   * Fields to sort by, in the order of the keys: 1 ascending, -1 descending. Equal documents go by id, as all
   * do without a sort.
   *
   * Within one iteration each document comes at most once, also where the loop edits a field of the sort; one that is moved
   * forward by somebody else before its turn may be missed. (The ids of a million documents are remembered, and a longer
   * iteration ends at the sort key that was the last one when it began. A later document comes again only where the loop
   * moves it to before that key.)
   */
  readonly sort?: SortBy<T>;
  /** At most so many. Default: no limit. */
  readonly limit?: number;
  /** Only these top-level fields of the states, which are all that their type has then. Default: all. */
  readonly select?: readonly Fields[];
}

/**
 * How a find that also gives deleted documents is ordered and cut. Filter and sort see the last state of a deleted document.
 *
 * @typeParam T the document's state
 * @typeParam Fields the fields that `select` names
 * @typeParam Deleted which documents are given
 */
export interface FindDeletedOptions<
  T,
  Fields = FieldName<T>,
  Deleted extends "only" | "include" = "only" | "include",
> extends FindOptions<T, Fields> {
  /** `"only"` gives the deleted documents alone, `"include"` the living ones and the deleted ones in one order. */
  readonly deleted: Deleted;
}

/** How rows are found. */
export interface FindRowsOptions<R = PlainObject> extends CallOptions {
  /**
   * The fields to sort by, by dotted path: 1 ascending, -1 descending. Equal rows go by document and place. Within one
   * iteration each row (of a document and a place in it) comes at most once, as with `find` of documents.
   */
  readonly sort?: SortBy<R>;
  /** How many at most. Default: all. */
  readonly limit?: number;
}

/** A query for a document's events, whatever its ids. */
export type InnerHistoryQuery = HistoryQuery<DocumentId>;
/** A query for the events of all documents, whatever their ids. */
export type InnerChangesQuery = ChangesQuery<DocumentId>;
/** The options of a find, whatever its documents. */
export type InnerFindOptions = FindOptions<PlainObject> &
  Partial<Pick<FindDeletedOptions<PlainObject>, "deleted">>;
/** Which events are counted, whatever their ids. */
export type InnerActivityQuery = ActivityQuery<DocumentId>;
