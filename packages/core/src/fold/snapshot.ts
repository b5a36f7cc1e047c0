import { FormatTooNewError } from "../errors/format-too-new-error.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import { bytesOf, digestOf } from "../value/digest.ts";
import { seal } from "../value/seal.ts";
import { isPlain, type PlainObject } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import type { Folded } from "./folded.ts";

/** The version of the stored form of snapshots. */
export const snapshotFormat = 1;

/**
 * A kept fold, so that a state costs a bounded number of events however long the history. Deleting all of
 * them changes no answer.
 */
export interface Snapshot {
  /** The document. */
  readonly doc: DocumentId;
  /** The version of the last event folded into it. */
  readonly version: number;
  /** That event's time, in milliseconds. */
  readonly at: number;
  /** Who made that event. */
  readonly by: DocumentId;
  /** That event's id. */
  readonly eventId: string;
  /** That event's hash. */
  readonly hash: string;
  /** The schema version of the state. */
  readonly schema: number;
  /** The state's digest. */
  readonly digest: string;
  /** The state. */
  readonly state: PlainObject;
  /** The version of this form. */
  readonly format: number;
}

/**
 * Whether it is time for a snapshot: the events since the last one weigh twice the state and 16 KB more. Never of a
 * blank, so that a snapshot tells the event that readers are told.
 */
export function snapshotDue(folded: Folded, types: ValueTypes): boolean {
  return (
    folded.state !== undefined &&
    folded.changed.version === folded.version &&
    folded.since > 16_384 &&
    folded.since >= 2 * bytesOf(folded.state, types) + 16_384
  );
}

/** The document as the next event finds it: where a snapshot of it is taken, the events behind it start counting anew. */
export function afterSnapshot(folded: Folded, types: ValueTypes): Folded {
  return snapshotDue(folded, types) ? { ...folded, since: 0 } : folded;
}

/** The snapshot of a living document. */
export function snapshotOf(folded: Folded, doc: DocumentId, types: ValueTypes): Snapshot {
  const { version, at, schema } = folded;
  const { by, eventId } = folded.changed;
  const state = folded.state as PlainObject;
  const hash = folded.hash as string;
  return {
    doc,
    version,
    at,
    by,
    eventId,
    hash,
    schema,
    digest: digestOf(state, types),
    state,
    format: snapshotFormat,
  };
}

/**
 * The document that a snapshot stands for, or undefined where it is not what its event and digest say. Throws
 * FormatTooNewError.
 */
export function foldedFrom(
  snapshot: Snapshot,
  event: StoredEvent | undefined,
  types: ValueTypes,
): Folded | undefined {
  if (snapshot.format > snapshotFormat) {
    const { doc: id, version, format: found } = snapshot;
    throw new FormatTooNewError({ id, what: "snapshot", version, found, known: snapshotFormat });
  }
  if (event === undefined || !isOfEvent(snapshot, event) || !isPlain(snapshot.state)) return undefined;
  if (digestOf(seal(snapshot.state), types) !== snapshot.digest) return undefined;
  const { version, at, by, eventId, hash, schema, state } = snapshot;
  return { version, state, at, hash, schema, since: 0, changed: { version, at, by, eventId } };
}

/** Whether a snapshot says of its event what the event says. The hash alone vouches for neither of them. */
function isOfEvent(snapshot: Snapshot, event: StoredEvent): boolean {
  const { version, at, by, eventId, hash, schema } = snapshot;
  const sameSlot = event.version === version && event.hash === hash && event.id === eventId;
  return sameSlot && event.at === at && event.schema === schema && idKey(event.by) === idKey(by);
}
