import { type DocumentId, isPlain, type Slot, type View, withoutHistory } from "@everdraft/core/adapter";
import { documentFromBson, isMap, objectToBson } from "../bson/bson.ts";
import { numberOf, textOf, timeOf } from "../bson/bson-values.ts";
import { idOf } from "../bson/id-kinds.ts";
import type { Read } from "../connection/driver.ts";

/** The one reserved field of a view: the facts about the state, beside the state's own fields. */
export interface Facts {
  readonly version: number;
  readonly head: string;
  readonly changed: number;
  readonly at: Date;
  readonly by: DocumentId;
  readonly event: string;
  readonly schema: number;
  readonly digest: string;
  readonly since: number;
}

/** A view as its collection holds it, beside the fields of the state. */
export interface ViewDocument {
  readonly _id: DocumentId;
  readonly _everdraft: Facts;
}

/** The document of a living view. Throws ValueError for a value that MongoDB cannot give back. */
export function viewDocument(view: View): ViewDocument | ReadonlyMap<string, unknown> {
  const facts = factsOf(view);
  const state = objectToBson(view.state ?? {});
  if (!isMap(state)) return { _id: view.id, ...state, _everdraft: facts };
  // a top-level key that the driver would take for the mark of its own values
  return new Map<string, unknown>([["_id", view.id], ...state, ["_everdraft", facts]]);
}

/** The reserved field of a view. */
export function factsOf(view: View): Facts {
  const { version, hash: head, changed, at, by, eventId: event, schema, digest, since } = view;
  return { version, head, changed, at: new Date(at), by, event, schema, digest, since };
}

/** The event that a view has seen, of a document that holds no more than that; undefined without one. */
export function slotOfDocument({ _everdraft }: Read<Pick<ViewDocument, "_everdraft">>): Slot | undefined {
  if (!isPlain(_everdraft)) return undefined;
  return { version: numberOf(_everdraft.version), hash: textOf(_everdraft.head) };
}

/**
 * The view of a document; undefined where its id is of no kind that stores give. One without the reserved
 * field, or with one that is not the library's, is one of version 0, which no event vouches for.
 */
export function viewOfDocument(document: Read<ViewDocument>): View | undefined {
  const { _id, _everdraft, ...state } = documentFromBson(document);
  const id = idOf(_id);
  if (id === undefined) return undefined;
  const facts: Record<string, unknown> = isPlain(_everdraft) ? _everdraft : {};
  const [version, by] = [numberOf(facts.version), idOf(facts.by)];
  if (!Number.isFinite(version) || by === undefined) return { ...withoutHistory, id, state };
  return {
    id,
    version,
    hash: textOf(facts.head),
    changed: numberOf(facts.changed),
    at: timeOf(facts.at),
    by,
    eventId: textOf(facts.event),
    schema: numberOf(facts.schema),
    digest: textOf(facts.digest),
    since: numberOf(facts.since),
    state,
  };
}
