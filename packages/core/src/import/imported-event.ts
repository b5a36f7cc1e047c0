import type { Resources } from "../context/resources.ts";
import type { Folded } from "../fold/folded.ts";
import type { DocumentId } from "../model/document-id.ts";
import { importedEventId } from "../model/event-id.ts";
import { diffStates } from "../patch/diff.ts";
import { normalise } from "../value/normalise.ts";
import type { PlainObject } from "../value/value.ts";
import { type BuiltEvent, buildEvent } from "../write/build-event.ts";

/** A revision as it is stored: checked, and none of the caller's objects. */
export interface CheckedRevision {
  /** Its number within the document, from 1. */
  readonly revision: number;
  readonly at: number;
  readonly by: DocumentId;
  readonly reason: string | undefined;
  readonly meta: PlainObject | undefined;
  readonly state: PlainObject | undefined;
}

/** A revision whose event is not stored yet. */
export interface WaitingRevision {
  readonly given: CheckedRevision;
  /** How many revisions right before it were refused. */
  readonly refusedBefore: number;
  /** The document that its event changes. */
  readonly base: Folded;
  readonly built: BuiltEvent;
}

/** Of which import a revision is, and of which document. */
interface OfImport {
  readonly name: string;
  readonly doc: DocumentId;
  /** How many revisions right before it were refused. */
  readonly refusedBefore: number;
}

/**
 * The event of a revision on a base, or undefined where it leaves the state as it is. It notes how many revisions right
 * before it were refused, so that a rerun can tell those from a source that has changed. Throws ValueError, TooLargeError.
 */
export function importedEvent(
  resources: Resources,
  { name, doc, refusedBefore }: OfImport,
  given: CheckedRevision,
  base: Folded,
): BuiltEvent | undefined {
  const { types, schema, clock } = resources;
  const { revision, by: user, reason, state } = given;
  const patches = diffStates(base.state, state, types, "content");
  if (patches.length === 0) return undefined;
  const origin = {
    name,
    revision,
    at: new Date(clock.now()),
    ...(refusedBefore > 0 && { refused: refusedBefore }),
  };
  const meta = normalise<PlainObject>({ ...given.meta, import: origin }, types);
  const signature = { eventId: importedEventId(name, doc, revision, types), user, reason, meta };
  const decision = { type: "imported", patches, schema: schema.version } as const;
  return buildEvent(resources, base, { doc, decision, signature, at: Math.max(given.at, base.lastAt) });
}
