import type { DocumentId } from "../model/document-id.ts";
import type { CheckedFilter } from "../model/filter.ts";
import type { PlainObject } from "../value/value.ts";
import type { Call } from "./call.ts";
import type { Refusal } from "./refusal.ts";
import type { FindPlan, FindQuery } from "./view-store.ts";

/** All rows of a document in one projection. */
export interface RowSet {
  /** The document. */
  readonly doc: DocumentId;
  /** The version of the document that they follow from. */
  readonly version: number;
  /** The rows in their order; none where the document has none, or is deleted. */
  readonly rows: readonly PlainObject[];
}

/** A row as it is found. */
export interface Row {
  /** Its own id, unique within the projection: `rowId(doc, place)`. */
  readonly id: string;
  /** The document that it follows from. */
  readonly doc: DocumentId;
  /** The version of that document. */
  readonly version: number;
  /** The row itself. */
  readonly state: PlainObject;
}

/** The fields of an index over rows, in order, by dotted paths. */
export interface RowIndex {
  /** The fields: 1 ascending, -1 descending. */
  readonly keys: Readonly<Record<string, 1 | -1>>;
}

/**
 * The outcome of writing rows: `current` (written, or a version as high was there), `behind` (not written, can be tried
 * again), `refused` (the collection will not take them for their content).
 */
export type RowOutcome = "current" | "behind" | "refused";

/** The rows of one version of a projection. They can always be made anew from the log. */
export interface RowStore {
  /** The rows of these documents, in the order of the ids. Undefined where none were ever wholly written. */
  get(docs: readonly DocumentId[], call: Call): Promise<readonly (RowSet | undefined)[]>;
  /**
   * Replaces all rows of a document, only over those of a lower version; `over: "any"` is for repair alone. That there
   * are none is remembered too. A storage with transactions replaces them as one; elsewhere a reader can for a
   * moment see rows of two versions, and each row never goes back.
   */
  write(set: RowSet, over: "lower" | "any", call: Call): Promise<RowOutcome>;
  /**
   * Replaces the rows of several documents, each over those of a lower version and on its own, in fewer steps than one by
   * one; outcomes come in the order given. Left out where nothing is to be saved.
   */
  writeMany?(sets: readonly RowSet[], call: Call): Promise<readonly RowOutcome[]>;
  /** Why the last write of this document's rows was refused, as `ViewStore.refusal` tells of views. */
  refusal?(doc: DocumentId, call: Call): Promise<Refusal | undefined>;
  /**
   * The rows that match, in the order of `sort` and then of row ids as texts (UTF-8), which is not the order of their
   * documents. A short page is the last one.
   */
  find(query: FindQuery, call: Call): Promise<readonly Row[]>;
  /**
   * The rows with these ids, in their order; undefined where there is none. Left out where the engine answers finds (see
   * `Capabilities.scans`).
   */
  byId?(ids: readonly string[], call: Call): Promise<readonly (Row | undefined)[]>;
  /** How many rows match. */
  count(filter: CheckedFilter, call: Call): Promise<number>;
  /** How it would answer a find now, as `ViewStore.explain` tells of views. */
  explain?(query: FindQuery, call: Call): Promise<FindPlan>;
  /** The ids of documents that have rows or had some, as `EventLog.documents` gives its. */
  documents(page: { after?: DocumentId; limit: number }, call: Call): Promise<readonly DocumentId[]>;
}
