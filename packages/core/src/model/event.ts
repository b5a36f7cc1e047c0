import type { PlainObject } from "../value/value.ts";
import type { DocumentId } from "./document-id.ts";
import type { Patch } from "./patch.ts";

/**
 * The version of the stored form that this library writes. Older ones are read for ever, newer ones are
 * refused.
 */
export const eventFormat = 1;

/** How an event came about. Whether the document exists afterwards is decided by its patches alone. */
export type EventType =
  | "created"
  | "edited"
  | "reverted"
  | "undone"
  | "deleted"
  | "restored"
  | "imported"
  | "blank";

/** The types that the stored form knows: nothing makes the further ones yet. */
export type StoredEventType = EventType | "adopted" | "absorbed" | "merged" | "compacted" | "erased";

const madeTypes: Readonly<Record<EventType, true>> = {
  created: true,
  edited: true,
  reverted: true,
  undone: true,
  deleted: true,
  restored: true,
  imported: true,
  blank: true,
};

/** Whether a value is a type of event that something makes. */
export function isEventType(value: unknown): value is EventType {
  return typeof value === "string" && Object.hasOwn(madeTypes, value);
}

/** The types in the order of their numbers in a record, from 1. */
const storedTypes: readonly StoredEventType[] = [
  ...(["created", "edited", "reverted", "deleted", "restored", "imported", "blank"] as const),
  ...(["undone", "adopted", "absorbed", "merged", "compacted", "erased"] as const),
];

/** Whether a value is a type of event that the stored form knows. */
export function isStoredEventType(value: unknown): value is StoredEventType {
  return storedTypes.includes(value as StoredEventType);
}

/** The number of a type in a record. */
export function numberOfType(type: StoredEventType): number {
  return storedTypes.indexOf(type) + 1;
}

/** The type of a number in a record, or undefined where only a newer version of the library knows it. */
export function typeOfNumber(number: number): StoredEventType | undefined {
  return storedTypes[number - 1];
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

/** The event that a `compacted` one stands in for: the next event's link is its hash. Nothing makes it yet. */
export interface EventBase {
  /** Its version. */
  readonly version: number;
  /** Its hash, in base64url. */
  readonly hash: string;
}

/** A payload that is no longer the one that was stored; its digest stays in the header, so the chain still links. */
export interface PayloadGone {
  /** `erased`: salt and payload were taken away. `replaced`: others stand in their place. Nothing makes the second yet. */
  readonly kind: "erased" | "replaced";
  /** The digest of the payload that was stored, in base64url. */
  readonly digest: string;
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
  /** Digests of further records, in base64url. A part of the payload. Nothing makes it yet. */
  readonly list?: readonly string[];
  /** 16 random bytes in base64url; empty where the payload was erased. */
  readonly salt: string;
  /** Set where the payload is not the one that was stored. */
  readonly payload?: PayloadGone;
  /** Whose the event is, where several tenants share a collection. Nothing makes it yet. */
  readonly tenant?: string;
  /** The key by which the payload was encrypted. Nothing makes it yet. */
  readonly keyId?: string;
  /** Of a `compacted` event. Nothing makes it yet. */
  readonly base?: EventBase;
  /** The link of the chain: SHA-256 in base64url. */
  readonly hash: string;
  /** The version of this table. */
  readonly format: number;
}

/** The event before it is hashed. */
export type UnhashedEvent = Omit<StoredEvent, "hash">;
