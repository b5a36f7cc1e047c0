import { noStamp, type Stamp } from "../fold/stamp.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { PlainObject } from "../value/value.ts";

/** The stored current state of a document. */
export interface View extends Stamp {
  /** The document. */
  readonly id: DocumentId;
  /** The digest of all the other fields but the id: a view that another program changed does not have it. */
  readonly digest: string;
  /**
   * The weight of the events since the newest snapshot, in bytes: so that a writer knows when the next one is
   * due without reading them.
   */
  readonly since: number;
  /** The state; undefined where the document is deleted, whether or not the key is there then. */
  readonly state: PlainObject | undefined;
}

/** Facts of a view for a document that the collection holds without any history, as raw writes leave it. */
export const withoutHistory: Omit<View, "id" | "state"> = Object.freeze({
  ...noStamp,
  digest: "",
  since: 0,
});

/** A view as a writer knows it to be stored: this one; surely none; or not known. */
export type KnownView = View | "none" | undefined;

/**
 * The outcome of a view write: `current` (written, or a version as high was there), `inserted` (written where nothing
 * was, so the writer looks at the head once more; a storage that remembers the versions of deleted documents never says
 * so), `behind` (not written, can be tried again), `refused` (the collection will not take it for its content), `drift`
 * (another program changed the view that is there, or took away the one that the writer knew: it was left alone).
 */
export type ViewOutcome = "current" | "inserted" | "behind" | "refused" | "drift";
