import type { EventType } from "../model/event.ts";
import type { SortBy } from "../model/filter-types.ts";
import type { Moment } from "../model/moment.ts";
import type { CallOptions, UserId } from "./options.ts";

/** Which events of a document. */
export interface HistoryQuery<Id = string, Type extends EventType = EventType> extends CallOptions {
  /** From this moment on, included. */
  readonly from?: Moment;
  /** Up to this moment, included. */
  readonly to?: Moment;
  /** Only this user's. */
  readonly by?: UserId<Id>;
  /** Only of this type. */
  readonly type?: Type;
  /** Only those that touch this place or something inside it; keys and indexes, `[]` is everything. */
  readonly path?: readonly (string | number)[];
  /** Default: oldest first for `history`, newest first for `changes`. */
  readonly order?: "oldest" | "newest";
  /** At most so many. Default: no limit. */
  readonly limit?: number;
}

/** Which events of all documents. Dates only: versions count within one document. */
export interface ChangesQuery<Id = string, Type extends EventType = EventType>
  extends Omit<HistoryQuery<Id, Type>, "from" | "to"> {
  /** From this date on, included. */
  readonly from?: Date;
  /** Up to this date, included. */
  readonly to?: Date;
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
 * @typeParam Id the ids of documents
 * @typeParam Fields the fields that `select` names
 */
export interface FindOptions<T, Id = string, Fields = FieldName<T>> extends CallOptions {
  /**
   * Fields to sort by, in the order of the keys: 1 ascending, -1 descending. Equal documents go by id, as all
   * do without a sort.
   */
  readonly sort?: SortBy<T>;
  /** At most so many. Default: no limit. */
  readonly limit?: number;
  /** Begins behind this document, the last one of the page before (with its sort fields in its state). */
  readonly after?: { readonly id: Id; readonly state: unknown };
  /** Only these top-level fields of the states, which are all that their type has then. Default: all. */
  readonly select?: readonly Fields[];
}
