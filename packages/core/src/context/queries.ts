import type { DocumentId } from "../model/document-id.ts";
import type { EventType } from "../model/event.ts";
import type { SortBy } from "../model/filter-types.ts";
import type { Moment } from "../model/moment.ts";
import type { PlainObject } from "../value/value.ts";
import type { CallOptions, UserId } from "./options.ts";

/** Which events of a document. */
export interface HistoryQuery<Id = string, Type extends EventType = EventType> extends CallOptions {
  /** From this moment on, included. */
  readonly from?: Moment;
  /** Up to this moment, included. */
  readonly to?: Moment;
  /** Only events behind this version. */
  readonly after?: number;
  /** Only events before this version. */
  readonly before?: number;
  /** Only this user's. */
  readonly by?: UserId<Id>;
  /** Only of this type. */
  readonly type?: Type;
  /**
   * Only those that touch this place, something inside it, or whatever holds it; keys and indexes, `[]` is everything. An
   * insertion or a removal in a list touches all places behind it. An index may be given as a text.
   */
  readonly path?: readonly (string | number)[];
  /** Whether blanks are given too: events that change nothing, by which a slot was closed or a key remembered. Default false. */
  readonly blanks?: boolean;
  /** Default: oldest first for `history`, newest first for `changes`. */
  readonly order?: "oldest" | "newest";
  /** At most so many. Default: no limit. */
  readonly limit?: number;
}

/** Which events of all documents. Dates only: versions count within one document. */
export interface ChangesQuery<Id = string, Type extends EventType = EventType>
  extends Omit<HistoryQuery<Id, Type>, "from" | "to" | "after" | "before"> {
  /** From this date on, included. */
  readonly from?: Date;
  /** Up to this date, included. */
  readonly to?: Date;
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
