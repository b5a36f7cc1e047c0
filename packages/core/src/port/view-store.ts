import type { DocumentId } from "../model/document-id.ts";
import type { CheckedFilter } from "../model/filter.ts";
import type { Call } from "./call.ts";
import type { Refusal } from "./refusal.ts";
import type { View, ViewOutcome } from "./view.ts";

/** The fields to sort by, in order: 1 ascending, -1 descending. Equal ones go by id, ascending. */
export type Sort = readonly (readonly [path: string, direction: 1 | -1])[];

/** The last document of a page: the next one begins behind it. */
export interface FindPosition {
  readonly id: DocumentId;
  /**
   * The values of the sort fields of that document, in the order of `sort`; undefined where a field is
   * missing.
   */
  readonly values: readonly unknown[];
}

/**
 * Views by the schema version of their state, bounds included. Views without history (version 0) have none: they are
 * among them only where `withoutHistory` is true.
 */
export interface SchemaRange {
  readonly from?: number;
  readonly to?: number;
  readonly withoutHistory?: boolean;
}

/** A page of living documents. */
export interface FindQuery {
  readonly filter: CheckedFilter;
  readonly sort: Sort;
  readonly after?: FindPosition;
  readonly limit: number;
  /** The top-level fields that the caller wants; an adapter may give more. */
  readonly select?: readonly string[];
  /** Only views of these schema versions. Default: all. Rows have none, and are never asked so. */
  readonly schema?: SchemaRange;
}

/** The newest event that a view has seen. */
export interface Slot {
  readonly version: number;
  readonly hash: string;
}

/** How a find is answered: by reading all, or by an index. */
export type FindPlan =
  | { readonly kind: "scan" }
  | {
      readonly kind: "index";
      /** The name of the index. */
      readonly name: string;
    };

/** The views: the current states of all documents of a collection. */
export interface ViewStore {
  /**
   * The views of these documents, in the order of the ids. A deleted document is undefined or a view without
   * state.
   */
  get(ids: readonly DocumentId[], call: Call): Promise<readonly (View | undefined)[]>;
  /**
   * The events that the views of these documents have seen, in the order of the ids, without their states: for a reader that
   * knows the state of such an event. Asked only where nobody else writes views. Left out where nothing is to be saved.
   */
  slots?(ids: readonly DocumentId[], call: Call): Promise<readonly (Slot | undefined)[]>;
  /**
   * Writes a view (or, without a state, takes it away) only over a lower version that is as the library wrote it
   * (`isIntact`), compared and written as one; `over: "any"` is for repair alone.
   */
  write(view: View, over: "lower" | "any", call: Call): Promise<ViewOutcome>;
  /**
   * Writes the views of several documents, each over a lower version and on its own, in fewer steps than one by one;
   * outcomes come in the order given. Left out where nothing is to be saved.
   */
  writeMany?(views: readonly View[], call: Call): Promise<readonly ViewOutcome[]>;
  /**
   * The reason why the last write of this document's view was refused, as far as this process knows; else a rule that may
   * refuse it, where there is one. Left out where nothing but the outcome can be told.
   */
  refusal?(id: DocumentId, call: Call): Promise<Refusal | undefined>;
  /**
   * The living documents that match, in the order of `sort` and then of ids. A short page is the last one.
   */
  find(query: FindQuery, call: Call): Promise<readonly View[]>;
  /** How many living documents match, of those whose views are of these schema versions. */
  count(filter: CheckedFilter, call: Call, schema?: SchemaRange): Promise<number>;
  /**
   * How it would answer a find now, or a count where the limit is 0. Left out where every find is a scan. A storage with
   * `Capabilities.scans` is asked by `find` and `count` themselves only where this says that an index helps.
   */
  explain?(query: FindQuery, call: Call): Promise<FindPlan>;
}
