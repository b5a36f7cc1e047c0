import type { DocumentId } from "../model/document-id.ts";
import type { PlainObject } from "../value/value.ts";

/** The stored current state of a document. */
export interface View {
  /** The document. */
  readonly id: DocumentId;
  /**
   * The version whose state this is, blanks included: the slot of the newest event that it has seen. 0 where the
   * collection holds the document without any history.
   */
  readonly version: number;
  /** The hash of that event. */
  readonly head: string;
  /** The version of the newest event that is no blank: the one that readers are told. 0 where there is none. */
  readonly changed: number;
  /** The time of that event, in milliseconds. */
  readonly at: number;
  /** Who made it. */
  readonly by: DocumentId;
  /** Its id. */
  readonly eventId: string;
  /** The schema version of the state. */
  readonly schema: number;
  /** The digest of all the other fields but the id: what another program changed does not have it. */
  readonly digest: string;
  /**
   * What the events since the newest snapshot weigh, in bytes: so that a writer knows when the next one is
   * due without reading them.
   */
  readonly since: number;
  /** The state; undefined where the document is deleted, whether or not the key is there then. */
  readonly state: PlainObject | undefined;
}

/** Facts of a view for a document that the collection holds without any history, as raw writes leave it. */
export const withoutHistory: Omit<View, "id" | "state"> = Object.freeze({
  version: 0,
  head: "",
  changed: 0,
  at: 0,
  by: "",
  eventId: "",
  schema: 0,
  digest: "",
  since: 0,
});

/** A view as a writer knows it to be stored: this one; surely none; or not known. */
export type KnownView = View | "none" | undefined;

/**
 * What became of a view write: `current` (written, or a version as high was there), `inserted` (written where
 * nothing was, so the writer looks at the head once more; a storage that remembers the versions of deleted
 * documents never says so), `behind` (not written, can be tried again), `refused` (the collection will not
 * take it for its content), `drift` (another program changed the view that is there, or took away the one that the
 * writer knew: it was left alone).
 */
export type ViewOutcome = "current" | "inserted" | "behind" | "refused" | "drift";
