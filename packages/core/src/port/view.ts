import type { DocumentId } from "../model/document-id.ts";
import type { PlainObject } from "../model/value.ts";

/** The stored current state of a document. */
export interface View {
  /** The document. */
  readonly id: DocumentId;
  /** The version whose state this is; 0 where the collection holds the document without any history. */
  readonly version: number;
  /** The time of that version's event, in milliseconds. */
  readonly at: number;
  /** Who made it. */
  readonly by: DocumentId;
  /** That event's id. */
  readonly eventId: string;
  /** The schema version of the state. */
  readonly schema: number;
  /** The hash of that event. */
  readonly head: string;
  /** The digest of the state; empty for a deleted document. */
  readonly digest: string;
  /**
   * What the events since the newest snapshot weigh, in bytes: so that a writer knows when the next one is
   * due without reading them.
   */
  readonly since: number;
  /** The state; undefined where the document is deleted, whether or not the key is there then. */
  readonly state: PlainObject | undefined;
}

/**
 * What became of a view write: `current` (written, or a version as high was there), `inserted` (written where
 * nothing was, so the writer looks at the head once more; a storage that remembers the versions of deleted
 * documents never says so), `behind` (not written, can be tried again), `refused` (the collection will not
 * take it for its content).
 */
export type ViewOutcome = "current" | "inserted" | "behind" | "refused";
