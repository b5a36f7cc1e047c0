import type { Act } from "../acts/act.ts";
import { checkWriteOptions } from "../context/check-options.ts";
import { handOut } from "../context/hand-out.ts";
import { type OnDocument, onDocument } from "../context/on-document.ts";
import type { WriteOptions } from "../context/options.ts";
import type { Resources } from "../context/resources.ts";
import type { Written } from "../context/results.ts";
import type { DocumentId } from "../model/document-id.ts";
import { checkId, checkUser } from "../model/document-id.ts";
import { keyedEventId } from "../model/event-id.ts";
import { actDigest } from "../model/record.ts";
import { deadlineOfCall } from "../port/deadline.ts";
import { lend } from "../value/seal.ts";
import type { PlainObject } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import type { StoreParts } from "./store-parts.ts";
import type { Applied } from "./waiting-call.ts";

/** A write as it was called. */
export interface WriteCall {
  readonly id: unknown;
  readonly user: unknown;
  readonly options: WriteOptions;
}

/**
 * One write, from the call to its result: the arguments are checked, the act made, and the document's queue decides and
 * stores it. The result's state is the event folded onto the state before, so a caller's state and that of a replay are
 * the same by construction.
 */
export async function writeDocument(
  parts: StoreParts,
  { id, user, options }: WriteCall,
  makeAct: (doc: DocumentId, on: () => OnDocument) => Act,
): Promise<Written<PlainObject, DocumentId>> {
  const { resources, queues } = parts;
  const doc = checkId(id, resources.kinds);
  const by = checkUser(user, resources.kinds);
  const meta = checkWriteOptions(options, resources.types);
  parts.refuseClosed();
  const { key, reason, expectedVersion, retries } = options;
  const deadline = deadlineOfCall(options, doc);
  deadline.call();
  const { types } = resources;
  const act = makeAct(doc, () => onDocument(resources, doc, deadline));
  const keyed = key !== undefined;
  const eventId = keyed ? keyedEventId(doc, key, types) : resources.newEventId();
  const applied = await queues.write({
    doc,
    act,
    keyed,
    expectedVersion,
    retries,
    deadline,
    signature: { eventId, user: by, reason, meta, given: keyed ? givenBy(act, types) : undefined },
    acceptFutureHead: options.acceptFutureHead ?? false,
  });
  return writtenOf(resources, doc, applied);
}

/** The digest of an act, by the salt of its event. */
function givenBy({ kind, argument }: Act, types: ValueTypes): (salt: string) => string {
  return (salt) => actDigest(argument === undefined ? [kind] : [kind, argument()], salt, types);
}

/** The result of a write as callers see it. */
export function writtenOf(
  resources: Resources,
  id: DocumentId,
  applied: Applied,
): Written<PlainObject, DocumentId> {
  const { folded, event, view, repeated = false } = applied;
  const { state, schema, changed: version, at, by, eventId } = folded;
  return {
    id,
    version,
    at: new Date(at),
    by,
    eventId,
    // a deletion's result has no state, and its type says so
    state: (state && handOut(resources, id, state, schema)) as PlainObject,
    patches: event === undefined ? [] : lend(event.patches, resources.types),
    changed: event !== undefined && event.type !== "blank",
    repeated,
    view,
  };
}
