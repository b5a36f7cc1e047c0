import type { Change } from "../changes/change.ts";
import { refuseNewer } from "../fold/fold.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { EventType, StoredEvent } from "../model/event.ts";
import type { Patch } from "../model/patch.ts";
import { lend } from "../value/seal.ts";
import type { PlainObject } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";

/** The version that an event reverted to, undid or restored. */
export interface EventReference {
  /** Its version. */
  readonly version: number;
  /** The date that was asked for, where the moment was a date. */
  readonly at?: Date;
  /** The id of the event undone, of an undo. */
  readonly event?: string;
}

interface EventFields<Id> {
  /** The document. */
  readonly id: Id;
  /** The event's own id. */
  readonly eventId: string;
  /** 1, 2, 3 … within the document. */
  readonly version: number;
  /** When, never before the event before it. */
  readonly at: Date;
  /** Who. */
  readonly by: Id | string;
  /** The change, in Immer's form. */
  readonly patches: readonly Patch[];
  /** Schema version of the state after this event. */
  readonly schema: number;
  /** How many of the first patches brought an older schema up to this one. */
  readonly migrated?: number;
  /** Shared by all events of one call over several documents. */
  readonly act?: string;
  /** Why. */
  readonly reason?: string;
  /** The data that the writer kept with it. */
  readonly meta?: PlainObject;
  /** The link of the chain: SHA-256 in base64url. */
  readonly hash: string;
}

type Referring = "reverted" | "restored" | "undone";

/**
 * One stored change as callers see it: a union by `type`, of which those that go back to something have a
 * `ref`.
 */
export type DocumentEvent<Id = string, Type extends EventType = EventType> =
  | OneOf<Exclude<Type, Referring>, EventFields<Id> & { readonly ref?: never }>
  | OneOf<Extract<Type, Referring>, EventFields<Id> & { readonly ref: EventReference }>;

type OneOf<Type, Fields> = [Type] extends [never] ? never : Fields & { readonly type: Type };

/**
 * An event of a history with its changes.
 *
 * @typeParam Id the ids of documents
 * @typeParam Type the types of events
 */
export type ChangedEvent<Id = string, Type extends EventType = EventType> = DocumentEvent<Id, Type> & {
  /**
   * The changes from the state before it to the state after it, both in the store's schema. A migration that it stored is
   * none of them.
   */
  readonly changes: readonly Change[];
  /** True where the event brought the document to a newer schema. */
  readonly migration?: true;
};

/** An event as it may be given to a caller. Throws FormatTooNewError. */
export function documentEvent(event: StoredEvent, types: ValueTypes): DocumentEvent<DocumentId> {
  refuseNewer(event.doc, event);
  const { id: eventId, doc, version, type, schema, migrated, act, reason, meta, ref, hash } = event;
  const fields = {
    id: doc,
    eventId,
    version,
    at: new Date(event.at),
    by: event.by,
    type,
    patches: lend(event.patches, types),
    schema,
    hash,
    ...(migrated !== undefined && { migrated }),
    ...(act !== undefined && { act }),
    ...(reason !== undefined && { reason }),
    ...(meta !== undefined && { meta: lend(meta, types) }),
    ...(ref !== undefined && { ref: { ...ref, ...(ref.at !== undefined && { at: new Date(ref.at) }) } }),
  };
  // nothing makes the further types of the stored form yet, and only those of the union with a ref have one
  return Object.freeze(fields) as DocumentEvent<DocumentId>;
}

/** The same with its changes. Throws FormatTooNewError. */
export function changedEvent(
  event: StoredEvent,
  changes: readonly Change[],
  types: ValueTypes,
): ChangedEvent<DocumentId> {
  const migration = event.migrated === undefined ? undefined : { migration: true as const };
  return Object.freeze({ ...documentEvent(event, types), changes: Object.freeze(changes), ...migration });
}
