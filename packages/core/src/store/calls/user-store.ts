import type { UndoOptions, WriteOptions } from "../../context/options.ts";
import type { Written } from "../../context/results.ts";
import type { Moment } from "../../model/moment.ts";
import type { Recipe } from "../../patch/run-recipe.ts";
import type { State } from "../../value/state-types.ts";
import type { HistoryCalls } from "./history-calls.ts";
import type { ReadCalls } from "./read-calls.ts";
import type { WriteQuestions } from "./write-questions.ts";

/**
 * A store in the name of one user, as `store.as(user)` gives it: writes take no user, so that id and user cannot be
 * mixed up; reads are those of the store. Nothing is opened or closed by it.
 *
 * @typeParam T a document's state
 * @typeParam Id the ids of documents
 */
export interface UserStore<T extends object, Id = string>
  extends WriteQuestions<T, Id>,
    ReadCalls<T, Id>,
    HistoryCalls<T, Id> {
  /** As `Store.create`. */
  create(id: Id, state: T | State<T>, options?: WriteOptions): Promise<Written<State<T>, Id>>;
  /** As `Store.edit`. */
  edit(id: Id, recipe: Recipe<T>, options?: WriteOptions): Promise<Written<State<T>, Id>>;
  /** As `Store.replace`. */
  replace(id: Id, state: T | State<T>, options?: WriteOptions): Promise<Written<State<T>, Id>>;
  /** As `Store.delete`. */
  delete(id: Id, options?: WriteOptions): Promise<Written<undefined, Id>>;
  /** As `Store.restore`. */
  restore(id: Id, options?: WriteOptions): Promise<Written<State<T>, Id>>;
  /** As `Store.revert`. */
  revert(id: Id, moment: Moment, options?: WriteOptions): Promise<Written<State<T>, Id>>;
  /** As `Store.undo`. */
  undo(id: Id, event: { readonly version: number }, options?: UndoOptions): Promise<Written<State<T>, Id>>;
  /** As `Store.redo`. */
  redo(id: Id, event?: { readonly version: number }, options?: UndoOptions): Promise<Written<State<T>, Id>>;
}
