import type { Change } from "../changes/change.ts";
import type { UndoConflict } from "../errors/undo-conflict-error.ts";
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
 * A deleted document, as `find` with `deleted` gives it.
 *
 * @typeParam S the state as it is handed out: `State<Order>`
 * @typeParam Id the ids of documents
 */
export interface DeletedDocument<S, Id = string> {
  /** Tells it from a living one. */
  readonly kind: "deleted";
  /** The document. */
  readonly id: Id;
  /** Its last state, before the deletion: in the store's schema version, deep-frozen, but for dates and bytes, which are copies. */
  readonly state: S;
  /** The version of the event that took the document away. */
  readonly version: number;
  /** When it was deleted. */
  readonly at: Date;
  /** Who deleted it. */
  readonly by: UserId<Id>;
}

/** A living document, as `find` with `deleted: "include"` gives it. */
export interface LivingDocument<S, Id = string> extends FoundDocument<S, Id> {
  /** Tells it from a deleted one. */
  readonly kind: "living";
}

/** A document that lives or is deleted; its `kind` says which. */
export type FoundOrDeleted<S, Id = string> = LivingDocument<S, Id> | DeletedDocument<S, Id>;

/**
 * The result of a write.
 *
 * @typeParam S the state as it is handed out: `State<Order>`
 * @typeParam Id the ids of documents
 */
export interface Written<S, Id = string> {
  /** The document. */
  readonly id: Id;
  /** The version of the event; where nothing changed, the one that was decided on. */
  readonly version: number;
  /** The event's time; where nothing changed, that of the version decided on. */
  readonly at: Date;
  /** Who made it; where nothing changed, who made the version decided on. */
  readonly by: UserId<Id>;
  /** The event's id; where nothing changed, that of the version decided on. */
  readonly eventId: string;
  /** The state afterwards; undefined after a deletion. */
  readonly state: S;
  /** The patches that were stored as the change. */
  readonly patches: readonly Patch[];
  /** Whether anything changed; a blank event that remembers a key changes nothing. */
  readonly changed: boolean;
  /** Whether an earlier call under the same key did it, whose result this is. */
  readonly repeated: boolean;
  /**
   * Whether the view has it already. `behind`: the store keeps trying. `refused`: the collection will not
   * take it. `drift`: another program changed the view or took it away, so it was left alone, and the next write is a
   * DriftError; `repair` writes it anew from the log.
   */
  readonly view: "current" | "behind" | "refused" | "drift";
}

/** The effect that a revert would have. */
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

/** The effect that an undo would have. */
export interface UndoPlan<Id = string> {
  /** The document. */
  readonly id: Id;
  /** The event that it would take back. */
  readonly undoes: DocumentEvent<Id>;
  /** The newest version. */
  readonly version: number;
  /** The changes that it would make to the state now. */
  readonly changes: readonly Change[];
  /** The change that would be stored; none where places conflict and `onConflict` decides nothing. */
  readonly patches: readonly Patch[];
  /** The places that later events touched, with the values there and the events. */
  readonly conflicts: readonly UndoConflict[];
}
