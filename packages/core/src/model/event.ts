import type { PlainObject } from "../value/value.ts";
import type { DocumentId } from "./document-id.ts";
import type { Patch } from "./patch.ts";

/**
 * The version of the stored form that this library writes. Older ones are read for ever, newer ones are
 * refused.
 */
export const eventFormat = 1;

/** How an event came about. Whether the document exists afterwards is decided by its patches alone. */
export type EventType = "created" | "edited" | "reverted" | "deleted" | "restored" | "imported" | "blank";

/** The types that the stored form knows: nothing makes the further ones yet. */
export type StoredEventType = EventType | "undone" | "adopted" | "absorbed" | "compacted";

const madeTypes: Readonly<Record<EventType, true>> = {
  created: true,
  edited: true,
  reverted: true,
  deleted: true,
  restored: true,
  imported: true,
  blank: true,
};

/** Whether a value is a type of event that something makes. */
export function isEventType(value: unknown): value is EventType {
  return typeof value === "string" && Object.hasOwn(madeTypes, value);
}

const furtherTypes: ReadonlySet<unknown> = new Set<StoredEventType>([
  "undone",
  "adopted",
  "absorbed",
  "compacted",
]);

/** Whether a value is a type of event that the stored form knows. */
export function isStoredEventType(value: unknown): value is StoredEventType {
  return isEventType(value) || furtherTypes.has(value);
}

/** The version that an event reverted to, undid or restored. */
export interface EventRef {
  /** Its version, from 1. */
  readonly version: number;
  /** The date that was asked for, in milliseconds, where the moment was a date. */
  readonly at?: number;
  /** The id of the event undone. */
  readonly event?: string;
}

/** One stored change: the contract on disk, specified in docs/format.md. */
export interface StoredEvent {
  /** Identity only, never an order: a ULID, or derived from document and key. */
  readonly id: string;
  /** The document; with `version` the slot that this event fills. */
  readonly doc: DocumentId;
  /** 1, 2, 3 … without holes within a document. */
  readonly version: number;
  /** Milliseconds since 1970, never before the event before it. */
  readonly at: number;
  /** The user's id. */
  readonly by: DocumentId;
  /** How the event came about. */
  readonly type: StoredEventType;
  /** Shared by all events of one call over several documents. */
  readonly act?: string;
  /** The version reverted to or restored, or the event undone. */
  readonly ref?: EventRef;
  /** The change; frozen. */
  readonly patches: readonly Patch[];
  /** Schema version of the state after this event. */
  readonly schema: number;
  /** How many of the first patches brought an older schema up to this one. */
  readonly migrated?: number;
  /** Why, in the caller's words. */
  readonly reason?: string;
  /** Whatever the caller wants to keep with the change. */
  readonly meta?: PlainObject;
  /** With an idempotency key: the salted digest of the call and its argument, in base64url. A part of the payload. */
  readonly given?: string;
  /** 16 random bytes in base64url. */
  readonly salt: string;
  /** The link of the chain: SHA-256 in base64url. */
  readonly hash: string;
  /** The version of this table. */
  readonly format: number;
}

/** The event before it is hashed. */
export type UnhashedEvent = Omit<StoredEvent, "hash">;

/** The size of an event beside its payload, in bytes, where sizes are added up. */
export const eventOverhead = 256;
