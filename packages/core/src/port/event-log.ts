import type { DocumentId } from "../model/document-id.ts";
import type { StoredEvent, StoredEventType } from "../model/event.ts";
import type { RecordBytes } from "../model/record-page.ts";
import type { Call } from "./call.ts";
import type { RowSet } from "./row-store.ts";
import type { KnownView, View, ViewOutcome } from "./view.ts";
import type { FindPlan } from "./view-store.ts";

/** All rows of a document in one projection, for the name that `StoredCollection.rows` opened. */
export interface NamedRows {
  readonly name: string;
  readonly set: RowSet;
}

/** An event to store, and the view and rows to write once it is stored. Of a chain only the last one has them. */
export interface Append {
  readonly event: StoredEvent;
  readonly view?: View;
  /** Rows that follow from the event. Only where `Capabilities.rowsWithEvents` says so. */
  readonly rows?: readonly NamedRows[] | undefined;
  /**
   * The view that this one follows on, as far as the writer knows. It decides nothing about the event; it tells which
   * view may be written over without a look at it, and that a view that is gone was taken away.
   */
  readonly before?: KnownView;
}

/**
 * The outcome of one event of a commit. Adapters say no more than they know: `unknown` is never wrong, and the library
 * decides it by reading the slot.
 *
 * - `stored`: it is durable; `view` is the outcome of its view (undefined where none was asked for), `rows` whether all
 * rows that were given are written with it.
 * - `taken`: a unique index refused it. `by: "id"` where the index of event ids is known to have done so. It
 * may be this event's own first try.
 * - `unsent`: surely not stored, since an event before it in the chain was not.
 * - `refused`: surely not stored, now or later, for the reason in `error`, which is one of the library's.
 * - `unknown`: anything else (no answer, a write-concern error); `cause` is the driver's error.
 */
export type Outcome =
  | { readonly event: "stored"; readonly view?: ViewOutcome; readonly rows?: boolean }
  | { readonly event: "taken"; readonly by?: "slot" | "id" }
  | { readonly event: "unsent" }
  | { readonly event: "refused"; readonly error: Error }
  | { readonly event: "unknown"; readonly cause: unknown };

/** A place in the order of `changes`. */
export interface ChangePosition {
  readonly at: number;
  readonly doc: DocumentId;
  readonly version: number;
}

/**
 * A page of events of all documents, ordered by (at, doc, version), or in exactly the other order. Bounds are inclusive
 * milliseconds.
 */
export interface ChangeQuery {
  readonly from?: number;
  readonly to?: number;
  readonly by?: DocumentId;
  readonly type?: StoredEventType;
  readonly act?: string;
  readonly order: "oldest" | "newest";
  /** Only events behind this one in that order. */
  readonly after?: ChangePosition;
  readonly limit: number;
}

/** An event by its place in the order in which those of all documents were stored. */
export interface StoredPlace {
  /** A whole number from 1, never given to another event. */
  readonly position: number;
  readonly doc: DocumentId;
  readonly version: number;
}

/**
 * The order in which the events of a collection were stored. Whoever sees an event sees all that have lower positions:
 * none is stored below it later, not by another process either.
 */
export interface StoringOrder {
  /** The event stored last; undefined where there is none. */
  newest(call: Call): Promise<StoredPlace | undefined>;
  /** The events behind a position (0: all), in their order, at most `limit`. Their payloads are not needed. */
  behind(position: number, limit: number, call: Call): Promise<readonly StoredPlace[]>;
}

/** The log: all that happened to the documents of a collection. It only ever grows. */
export interface EventLog {
  /**
   * Stores events, durably, each only if its slot (doc, version) and its id (within the document) are free,
   * and then their views, as `ViewStore.write` does over a lower version; a living view that is missing where `before` names a
   * living one is `drift` too (a deletion over nothing is `current`). Rows are written as `RowStore.write` does over a lower version, in the transaction of their
   * event; an error of theirs leaves them out and changes nothing else. `independent`: events of different documents, each
   * with its own outcome. `chain`: versions v … v + k of one document in order, of which a prefix or all are
   * stored, never one without those before it. Outcomes come in the order given. A rejection counts as
   * `unknown` for every event. The library sends a version only behind one that it has read, so a storage need not look
   * for holes.
   */
  commit(appends: readonly Append[], order: "independent" | "chain", call: Call): Promise<readonly Outcome[]>;
  /**
   * The events of a document with versions from `from` to `to`, both included, oldest first, at most `limit`.
   */
  read(
    doc: DocumentId,
    range: { from: number; to: number; limit: number },
    call: Call,
  ): Promise<readonly StoredEvent[]>;
  /**
   * The events of `read` as records: for replays, which decode no more than they need. Left out by a storage that keeps fields.
   * Where they weigh too much to be held together, the storage gives the first of them, at least two, with `isCut`.
   * With `compare` the fields by which events are searched for are compared with the records, and CorruptEventError names
   * the first that differs.
   */
  records?(
    doc: DocumentId,
    range: { from: number; to: number; limit: number; compare?: boolean },
    call: Call,
  ): Promise<RecordBytes>;
  /**
   * All records of several documents, in the order of the ids: for long work over many short histories. A document is left
   * out (undefined) where `records` has to say why, and where its records are too heavy to be read beside others.
   */
  readMany?(
    docs: readonly DocumentId[],
    options: { compare: boolean },
    call: Call,
  ): Promise<readonly (RecordBytes | undefined)[]>;
  /**
   * The newest event of a document. `known` is a version that the caller has seen (0: none), so the search
   * may begin there. Only in a damaged log is nothing there: then undefined, or the newest there is.
   */
  head(doc: DocumentId, known: number, call: Call): Promise<StoredEvent | undefined>;
  /** The event of a document with this id. */
  byId(doc: DocumentId, eventId: string, call: Call): Promise<StoredEvent | undefined>;
  /**
   * The ids of documents that have events, kind by kind and each kind from its lowest, behind `after`, at
   * most `limit`.
   */
  documents(page: { after?: DocumentId; limit: number }, call: Call): Promise<readonly DocumentId[]>;
  /** A page of events of all documents. */
  changes(query: ChangeQuery, call: Call): Promise<readonly StoredEvent[]>;
  /** The index by which it would answer such a page now. Left out where the engine has none beside the order of the pages. */
  explain?(query: ChangeQuery, call: Call): Promise<FindPlan>;
  /**
   * The order of storing, by which rebuilds and sweeps find the events stored since, whatever times these have. Left out
   * where the engine has none: then the library goes by the times of events, and by notes of imported documents.
   */
  readonly positions?: StoringOrder;
}
