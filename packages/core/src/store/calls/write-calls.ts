import type { UndoOptions, UserId, WriteOptions } from "../../context/options.ts";
import type { Written } from "../../context/results.ts";
import type { Moment } from "../../model/moment.ts";
import type { Recipe } from "../../patch/run-recipe.ts";
import type { State } from "../../value/state-types.ts";

/**
 * The calls that change a document: each stores at most one event, atomically, or nothing.
 *
 * @typeParam T a document's state
 * @typeParam Id the ids of documents
 */
export interface WriteCalls<T extends object, Id = string> {
  /**
   * Makes a document, or makes a deleted one anew with the next version. Cost: two reads at once where the
   * document is not in the cache, one append. Throws ExistsError, NotAdoptedError, ValueError,
   * ReservedFieldError, TooLargeError; ConflictError never without `expectedVersion`.
   *
   * @example
   * const { version, state } = await orders.create("o-2", "alice", { customer: "c-7", status: "open", lines: [] });
   */
  create(
    id: Id,
    user: UserId<Id>,
    state: T | State<T>,
    options?: WriteOptions,
  ): Promise<Written<State<T>, Id>>;
  /**
   * Changes a document by a recipe on its draft. A recipe that changes nothing stores nothing (`changed: false`; with a
   * key a blank). When another writer was first the recipe is run again on the newer state, until the time of the call is
   * up. It runs in the async context of its caller. Throws NotFoundError, DeletedError, ConflictError, ValueError, the
   * recipe errors. An error of the recipe is thrown as it is, and then nothing is stored.
   *
   * @example
   * await orders.edit("o-1", "bob", (draft) => {
   *   draft.status = "paid";
   *   draft.lines.push({ sku: "A-1", qty: 2 });
   * }, { reason: "paid by card" });
   */
  edit(id: Id, user: UserId<Id>, recipe: Recipe<T>, options?: WriteOptions): Promise<Written<State<T>, Id>>;
  /**
   * Gives a document a whole new state; stored is the difference, found by content. Throws as `edit` does.
   *
   * @example
   * await orders.replace("o-1", "bob", { customer: "c-7", status: "sent", lines: [] });
   */
  replace(
    id: Id,
    user: UserId<Id>,
    state: T | State<T>,
    options?: WriteOptions,
  ): Promise<Written<State<T>, Id>>;
  /**
   * Takes a document away; its history stays. Throws NotFoundError, DeletedError.
   *
   * @example
   * await orders.delete("o-1", "alice", { reason: "entered twice" });
   */
  delete(id: Id, user: UserId<Id>, options?: WriteOptions): Promise<Written<undefined, Id>>;
  /**
   * Brings back the state before the newest deletion. On a living document it changes nothing. Throws
   * NotFoundError.
   *
   * @example
   * await orders.delete("o-1", "alice");
   * const { state } = await orders.restore("o-1", "bob");
   */
  restore(id: Id, user: UserId<Id>, options?: WriteOptions): Promise<Written<State<T>, Id>>;
  /**
   * Brings back the state of a moment, exactly, as one new event. Works on living and deleted documents.
   * Throws NotFoundError, AbsentError (the document did not exist then), VersionAheadError.
   *
   * @example
   * await orders.revert("o-1", "bob", { version: 1 }, { reason: "wrong order" });
   */
  revert(id: Id, user: UserId<Id>, moment: Moment, options?: WriteOptions): Promise<Written<State<T>, Id>>;
  /**
   * Takes back one event and keeps all that came after it, as a new event of type `undone` with its `ref`. Elements of arrays
   * are followed to where they are now. Where a later event touched a place that the event had set, nothing is stored and the
   * UndoConflictError lists the places (`onConflict` and `paths` decide). Nothing changes (`changed: false`) where the
   * document is as it was before the event already. Creations, deletions, imports and blanks are not undone
   * (UndoRefusedError names the call to use), nor is anything from before a deletion. A migration that the event stored
   * stays. Cost: a replay from the nearest snapshot before the event to now. Throws as `edit` does, and MomentError,
   * VersionAheadError.
   *
   * @example
   * await orders.undo("o-1", "bob", { version: 2 }, { reason: "the wrong article" });
   */
  undo(
    id: Id,
    user: UserId<Id>,
    event: { readonly version: number },
    options?: UndoOptions,
  ): Promise<Written<State<T>, Id>>;
  /**
   * Takes back an undo, by default the newest one that is in force; nothing changes where there is none. It is stored as
   * `undone` too, with the undo as its `ref`. Cost: as `undo`, and without a version a read of the whole log. Throws as
   * `undo` does.
   *
   * @example
   * await orders.undo("o-1", "bob", { version: 2 });
   * await orders.redo("o-1", "bob");
   */
  redo(
    id: Id,
    user: UserId<Id>,
    event?: { readonly version: number },
    options?: UndoOptions,
  ): Promise<Written<State<T>, Id>>;
}
