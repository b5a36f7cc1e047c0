import { type DocumentId, idKey } from "../model/document-id.ts";

/**
 * The facts of a document at a version: of its newest event, and of the newest one that is no blank, which alone readers are
 * told of. Folded states, views and snapshots hold them.
 */
export interface Stamp {
  /** The version of the newest event, blanks included: its slot. 0 where there is none. */
  readonly version: number;
  /** The hash of that event, the link that the next one carries on; empty where there is none. */
  readonly hash: string;
  /** The schema version of the state. */
  readonly schema: number;
  /** The version of the newest event that is no blank; 0 where there is none. */
  readonly changed: number;
  /** The time of that event, in milliseconds. */
  readonly at: number;
  /** Who made it. */
  readonly by: DocumentId;
  /** Its id. */
  readonly eventId: string;
}

/** The stamp of a document without events. */
export const noStamp: Stamp = Object.freeze({
  version: 0,
  hash: "",
  schema: 0,
  changed: 0,
  // not minus infinity: a view of a document with nothing but blanks keeps it
  at: 0,
  by: "",
  eventId: "",
});

/** Whether two stamps say the same. */
export function sameStamp(a: Stamp, b: Stamp): boolean {
  return (
    a.version === b.version &&
    a.hash === b.hash &&
    a.schema === b.schema &&
    a.changed === b.changed &&
    a.at === b.at &&
    a.eventId === b.eventId &&
    idKey(a.by) === idKey(b.by)
  );
}

/** The stamp alone, of whatever holds one. */
export function stampOf({ version, hash, schema, changed, at, by, eventId }: Stamp): Stamp {
  return { version, hash, schema, changed, at, by, eventId };
}
