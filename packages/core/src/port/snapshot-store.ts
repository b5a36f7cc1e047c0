import type { Snapshot } from "../fold/snapshot.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { CheckedMoment } from "../model/moment.ts";
import type { Call } from "./call.ts";

/** The snapshots on both sides of a moment. */
export interface Neighbours {
  /** The newest snapshot at or before the moment. */
  readonly before?: Snapshot;
  /** Where the moment is a date, the version of the oldest snapshot after it. */
  readonly after?: number;
}

/** The snapshots: kept folds, always disposable. */
export interface SnapshotStore {
  /**
   * The snapshots around a moment: the newest at or before it, and the one after a date, whose version bounds
   * the events that are read. A version bounds them by itself.
   */
  around(doc: DocumentId, moment: CheckedMoment, call: Call): Promise<Neighbours>;
  /** Keeps a snapshot; one of the same version is replaced. */
  put(snapshot: Snapshot, call: Call): Promise<void>;
  /** Drops a document's snapshot of this version, or all of them. */
  drop(doc: DocumentId, version: number | "all", call: Call): Promise<void>;
}
