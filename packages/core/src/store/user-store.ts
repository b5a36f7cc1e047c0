import type { WriteOptions } from "../context/options.ts";
import type { RevertPlan, Written } from "../context/results.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { Moment } from "../model/moment.ts";
import type { Recipe } from "../patch/run-recipe.ts";
import type { State } from "../value/state-types.ts";
import type { PlainObject } from "../value/value.ts";
import type { InnerStore } from "./inner-store.ts";
import type { Store } from "./store.ts";

type Writes = "create" | "edit" | "replace" | "delete" | "restore" | "revert";
type OfItsOwner =
  | "as"
  | "ready"
  | "import"
  | "verify"
  | "repair"
  | "sweep"
  | "close"
  | typeof Symbol.asyncDispose;

/**
 * A store in the name of one user, as `store.as(user)` gives it: writes take no user, so that id and user cannot be
 * mixed up; reads are those of the store. Nothing is opened or closed by it.
 *
 * @typeParam T a document's state
 * @typeParam Id the ids of documents
 */
export interface UserStore<T extends object, Id = string> extends Omit<Store<T, Id>, Writes | OfItsOwner> {
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
  revert(id: Id, moment: Moment, options?: WriteOptions & { dryRun?: false }): Promise<Written<State<T>, Id>>;
  /** As `Store.revert` with `dryRun`. */
  revert(id: Id, moment: Moment, options: WriteOptions & { dryRun: true }): Promise<RevertPlan<Id>>;
}

/** The calls of a store in a user's name. `meta` is kept with each event, below the meta of the call itself. */
export function inNameOf(store: InnerStore, user: DocumentId, meta: PlainObject | undefined): object {
  // what is no object is left to the call, which refuses it
  const options = (given: WriteOptions | undefined): WriteOptions | undefined =>
    meta === undefined || (given !== undefined && (typeof given !== "object" || given === null))
      ? given
      : { ...given, meta: { ...meta, ...given?.meta } };
  const { create, edit, replace, restore, revert, resolve } = store;
  const { get, getMany, exists, read, stateAt, history, changes, diff, find, count, rows } = store;
  const inName: Pick<UserStore<PlainObject, DocumentId>, Exclude<Writes, "delete" | "revert">> &
    Readonly<Record<"delete" | "revert", unknown>> = {
    create: (id, state, given) => create(id, user, state, options(given)),
    edit: (id, recipe, given) => edit(id, user, recipe, options(given)),
    replace: (id, state, given) => replace(id, user, state, options(given)),
    restore: (id, given) => restore(id, user, options(given)),
    delete: (id: DocumentId, given?: WriteOptions) => store.delete(id, user, options(given)),
    revert: (id: DocumentId, moment: unknown, given?: WriteOptions) =>
      revert(id, user, moment, options(given)),
  };
  return Object.freeze({
    ...inName,
    resolve,
    get,
    getMany,
    exists,
    read,
    stateAt,
    history,
    changes,
    diff,
    find,
    count,
    rows,
  });
}
