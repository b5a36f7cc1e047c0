import type { Snapshot } from "../fold/snapshot.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { CheckedMoment } from "../model/moment.ts";
import type { Call } from "./call.ts";

/** The snapshots on both sides of a moment. */
export interface Neighbours {
  /** The newest snapshot at or before the moment. */
  readonly before?: Snapshot;
  /** The version of the oldest snapshot after the moment. */
  readonly after?: number;
}

/** The snapshots: kept folds, always disposable. */
export interface SnapshotStore {
  /** The snapshots around a moment (a date: those at or before it, and after it). */
  around(doc: DocumentId, moment: CheckedMoment, call: Call): Promise<Neighbours>;
  /** Keeps a snapshot; one of the same version is replaced. */
  put(snapshot: Snapshot, call: Call): Promise<void>;
  /** Drops a document's snapshot of this version, or all of them. */
  drop(doc: DocumentId, version: number | "all", call: Call): Promise<void>;
}
