import type { DocumentId } from "../model/document-id.ts";
import type { PlainObject } from "../value/value.ts";

/** A document at a version: what folding its events up to there gives. */
export interface Folded {
  /** The version of the last event folded, blanks included; 0 where there is none. */
  readonly version: number;
  /** The sealed state, unmigrated; undefined before the creation and while deleted. */
  readonly state: PlainObject | undefined;
  /** The time of that event, in milliseconds: the next one's is not before it. */
  readonly at: number;
  /** The hash of that event: the link that the next one carries on. */
  readonly hash: string | null;
  /** The schema version of the state. */
  readonly schema: number;
  /** What the events since the newest snapshot weigh, in bytes. */
  readonly since: number;
  /** The newest event that is no blank: readers are told of it alone. */
  readonly changed: LastChange;
}

/** The newest event of a document that is no blank. */
export interface LastChange {
  /** Its version; 0 where there is none. */
  readonly version: number;
  /** Its time, in milliseconds. */
  readonly at: number;
  /** Who made it. */
  readonly by: DocumentId;
  /** Its id. */
  readonly eventId: string;
}

/** A document without events. */
export const nothing: Folded = Object.freeze({
  version: 0,
  state: undefined,
  at: Number.NEGATIVE_INFINITY,
  hash: null,
  schema: 0,
  since: 0,
  // not minus infinity: a view of a document with nothing but blanks keeps it
  changed: Object.freeze({ version: 0, at: 0, by: "", eventId: "" }),
});
