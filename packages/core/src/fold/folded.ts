import type { DocumentId } from "../model/document-id.ts";
import type { PlainObject } from "../model/value.ts";

/** A document at a version: what folding its events up to there gives. */
export interface Folded {
  /** The version of the last event folded; 0 where there is none. */
  readonly version: number;
  /** The sealed state, unmigrated; undefined before the creation and while deleted. */
  readonly state: PlainObject | undefined;
  /** The time of that event, in milliseconds. */
  readonly at: number;
  /** Who made that event. */
  readonly by: DocumentId;
  /** The id of that event. */
  readonly eventId: string;
  /** The hash of that event: the link that the next one carries on. */
  readonly hash: string | null;
  /** The schema version of the state. */
  readonly schema: number;
  /** What the events since the newest snapshot weigh, in bytes. */
  readonly since: number;
}

/** A document without events. */
export const nothing: Folded = Object.freeze({
  version: 0,
  state: undefined,
  at: Number.NEGATIVE_INFINITY,
  by: "",
  eventId: "",
  hash: null,
  schema: 0,
  since: 0,
});
