import type { Call } from "./call.ts";
import type { RowIndex } from "./row-store.ts";

/** The facts of events by which the log may have an index, in the order of `EventLog.changes` for each value. */
export type LogIndexField = "by" | "type" | "act";

/** An index as it stands. */
export interface StoredIndex {
  /** Its name, unique in its collection. */
  readonly name: string;
  /** Its fields, in order. */
  readonly keys: RowIndex["keys"];
  /** The rows that it is over (`lines.v1`); left out where it is over the documents. */
  readonly rows?: string;
  /** True where it is over the events of all documents. */
  readonly log?: true;
  /** Whether it is built, so that finds use it. */
  readonly complete: boolean;
}

/** The indexes over the documents and rows of a collection, in a storage whose engine can use them. */
export interface IndexStore {
  /**
   * Adds those over the documents that are missing. From then on every writer of the collection keeps them, whatever its
   * own options. Those over rows are added by `StoredCollection.rows`.
   */
  add(indexes: readonly RowIndex[], call: Call): Promise<void>;
  /** Adds those over the log that are missing. They are named `log.by`, `log.type` and `log.act`. */
  addToLog(fields: readonly LogIndexField[], call: Call): Promise<void>;
  /**
   * Builds a piece of those that are not complete, and goes on where others stopped. Whether more is left. Left out where
   * the engine builds them by itself.
   */
  build?(call: Call): Promise<boolean>;
  /** All of them, by name. */
  list(call: Call): Promise<readonly StoredIndex[]>;
  /** Takes one away. Whether there was one of this name. */
  drop(name: string, call: Call): Promise<boolean>;
}

/** The name of an index: its fields and their ways, as MongoDB names them. */
export function indexName(keys: RowIndex["keys"]): string {
  return Object.entries(keys)
    .map(([field, way]) => `${field}_${way}`)
    .join("_");
}
