import type { Patch } from "../model/patch.ts";
import type { DocumentEvent } from "../projection/document-event.ts";
import type { UserId } from "./options.ts";

/**
 * A document at a version.
 *
 * @typeParam S the state as it is handed out: `State<Order>`
 * @typeParam Id the ids of documents
 */
export interface ReadDocument<S, Id = string> {
  /** The document. */
  readonly id: Id;
  /** Its state in the store's schema version: deep-frozen, but for dates and bytes, which are copies. */
  readonly state: S;
  /** The version of its last event up to the moment. */
  readonly version: number;
  /** When that was. */
  readonly at: Date;
  /** Who did it. */
  readonly by: UserId<Id>;
  /** Whether a later event exists, so that this answer can never change. */
  readonly sealed: boolean;
}

/** A document that a find gave. */
export type FoundDocument<S, Id = string> = Omit<ReadDocument<S, Id>, "sealed">;

/**
 * What a write did.
 *
 * @typeParam S the state as it is handed out: `State<Order>`
 * @typeParam Id the ids of documents
 */
export interface Written<S, Id = string> {
  /** The document. */
  readonly id: Id;
  /** The version of the event; the head's where nothing changed. */
  readonly version: number;
  /** The event's time; the head's where nothing changed. */
  readonly at: Date;
  /** Who made it; the head's user where nothing changed. */
  readonly by: UserId<Id>;
  /** The event's id; the head's where nothing changed. */
  readonly eventId: string;
  /** The state afterwards; undefined after a deletion. */
  readonly state: S;
  /** What was stored as the change. */
  readonly patches: readonly Patch[];
  /** Whether an event was stored. */
  readonly changed: boolean;
  /**
   * Whether the view has it already. `behind`: the store keeps trying. `refused`: the collection will not
   * take it.
   */
  readonly view: "current" | "behind" | "refused";
}

/** What a revert would do. */
export interface RevertPlan<Id = string> {
  /** The document. */
  readonly id: Id;
  /** The version that it would go back to. */
  readonly to: number;
  /** The newest version. */
  readonly version: number;
  /** The change that would be stored. */
  readonly patches: readonly Patch[];
  /** The later events that it would take back, oldest first. */
  readonly takesBack: readonly DocumentEvent<Id>[];
}
