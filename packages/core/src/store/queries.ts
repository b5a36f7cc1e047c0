import type { FieldPath } from "../model/filter.ts";
import type { Moment } from "../model/moment.ts";
import type { DocumentEvent } from "../projection/document-event.ts";
import type { CallOptions } from "./options.ts";

/** Which events of a document. */
export interface HistoryQuery extends CallOptions {
  /** From this moment on, included. */
  readonly from?: Moment;
  /** Up to this moment, included. */
  readonly to?: Moment;
  /** Only this user's. */
  readonly by?: unknown;
  /** Only of this type. */
  readonly type?: DocumentEvent["type"];
  /**
   * Only those that touch this place, something inside it, or whatever holds it; keys and indexes, `[]` is everything. An
   * insertion or a removal in a list touches all places behind it. An index may be given as a text.
   */
  readonly path?: readonly (string | number)[];
  /** Default: oldest first for `history`, newest first for `changes`. */
  readonly order?: "oldest" | "newest";
  /** At most so many. Default: no limit. */
  readonly limit?: number;
}

/** Which events of all documents. Dates only: versions count within one document. */
export interface ChangesQuery extends Omit<HistoryQuery, "from" | "to"> {
  /** From this date on, included. */
  readonly from?: Date;
  /** Up to this date, included. */
  readonly to?: Date;
}

/** How a find is ordered and cut. */
export interface FindOptions<T, Id> extends CallOptions {
  /**
   * Fields to sort by, in the order of the keys: 1 ascending, -1 descending. Equal documents go by id, as all
   * do without a sort.
   */
  readonly sort?: { readonly [P in FieldPath<T>]?: 1 | -1 };
  /** At most so many. Default: no limit. */
  readonly limit?: number;
  /** Begins behind this document, the last one of the page before (with its sort fields in its state). */
  readonly after?: { readonly id: Id; readonly state: unknown };
  /** Only these top-level fields of the states. Default: all. */
  readonly select?: readonly (keyof T & string)[];
}
