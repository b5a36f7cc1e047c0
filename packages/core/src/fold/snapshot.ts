import { FormatTooNewError } from "../errors/format-too-new-error.ts";
import { carriedBytes, carryBytes } from "../model/carried-bytes.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import { encode } from "../value/canonical.ts";
import { sha256Text } from "../value/digest.ts";
import { seal } from "../value/seal.ts";
import { sizeOf } from "../value/size.ts";
import { isPlain, type PlainObject } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import type { Folded } from "./folded.ts";
import { type Stamp, sameStamp, stampOf } from "./stamp.ts";

/** The version of the stored form of snapshots. */
export const snapshotFormat = 1;

/**
 * A kept fold, so that a state costs a bounded number of events however long the history. Deleting all of
 * them changes no answer. It is never of a blank: the newest event is the one that readers are told of.
 */
export interface Snapshot extends Omit<Stamp, "changed"> {
  /** The document. */
  readonly doc: DocumentId;
  /** The digest of its event's hash and the state's canonical bytes, in base64url. */
  readonly digest: string;
  /** The state. */
  readonly state: PlainObject;
  /** The version of this form. */
  readonly format: number;
}

/** So much more than twice the state the events between two snapshots weigh: a small state is not worth one for each event. */
const extraBytes = 4_096;

/**
 * Whether it is time for a snapshot: the events since the last one weigh twice the state and 4 KB more. Never of a
 * blank, so that a snapshot tells the event that readers are told.
 */
export function snapshotDue(folded: Folded, types: ValueTypes): boolean {
  return (
    folded.state !== undefined &&
    folded.changed === folded.version &&
    folded.since > extraBytes &&
    folded.since >= 2 * sizeOf(folded.state, types) + extraBytes
  );
}

/** The document as the next event finds it: where a snapshot of it is taken, the events behind it start counting anew. */
export function afterSnapshot(folded: Folded, types: ValueTypes): Folded {
  return snapshotDue(folded, types) ? { ...folded, since: 0 } : folded;
}

/** The snapshot of a living document, which carries the bytes of its state. Throws TypeError for one that is deleted or has no events. */
export function snapshotOf(folded: Folded, doc: DocumentId, types: ValueTypes): Snapshot {
  const { state } = folded;
  if (state === undefined) throw new TypeError("there is no state to keep");
  const { changed: _, ...stamp } = stampOf(folded);
  const bytes = encode(state, types);
  const digest = snapshotDigest(stamp.hash, bytes);
  return carryBytes({ doc, digest, state, format: snapshotFormat, ...stamp }, bytes);
}

/**
 * The document that a snapshot stands for, or undefined where it does not match its event and digest. Throws
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
  if (event === undefined || !isSnapshotOfEvent(snapshot, event) || !isPlain(snapshot.state))
    return undefined;
  if (digestOrNothing(snapshot, types) !== snapshot.digest) return undefined;
  return { state: seal(snapshot.state), lastAt: snapshot.at, since: 0, ...stampIn(snapshot) };
}

function snapshotDigest(hash: string, state: Uint8Array): string {
  return sha256Text(Buffer.concat([Buffer.from(hash, "base64url"), state]));
}

// a damaged snapshot may hold a value that has no canonical bytes at all
function digestOrNothing(snapshot: Snapshot, types: ValueTypes): string | undefined {
  try {
    // those that it was read from, where its storage keeps canonical bytes
    return snapshotDigest(snapshot.hash, carriedBytes(snapshot) ?? encode(snapshot.state, types));
  } catch {
    return undefined;
  }
}

/** The stamp of a snapshot, which is never of a blank. */
function stampIn(snapshot: Snapshot): Stamp {
  return stampOf({ ...snapshot, changed: snapshot.version });
}

/** Whether a snapshot has the facts of its event. The hash alone vouches for neither of them. */
function isSnapshotOfEvent(snapshot: Snapshot, event: StoredEvent): boolean {
  const { version, hash, schema, at, by, id: eventId } = event;
  return sameStamp(stampIn(snapshot), { version, hash, schema, changed: version, at, by, eventId });
}
