import type { WriteOptions } from "../context/options.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { PlainObject } from "../value/value.ts";
import type { UserStore } from "./calls/user-store.ts";
import type { WriteCalls } from "./calls/write-calls.ts";
import type { InnerStore } from "./inner-store.ts";

/** The calls of a store in a user's name. `meta` is kept with each event, below the meta of the call itself. */
export function inNameOf(store: InnerStore, user: DocumentId, meta: PlainObject | undefined): object {
  // a value that is no object is left to the call, which refuses it
  const options = (given: WriteOptions | undefined): WriteOptions | undefined =>
    meta === undefined || (given !== undefined && (typeof given !== "object" || given === null))
      ? given
      : { ...given, meta: { ...meta, ...given?.meta } };
  const { create, edit, replace, restore, revert, planRevert, undo, redo, planUndo, resolve } = store;
  const { get, getMany, exists, read, stateAt, asOf, history, changes, activity, diff, blame } = store;
  const { find, count, explain, rows } = store;
  const inName: Pick<UserStore<PlainObject, DocumentId>, Exclude<keyof WriteCalls<PlainObject>, "delete">> &
    Readonly<Record<"delete", unknown>> = {
    create: (id, state, given) => create(id, user, state, options(given)),
    edit: (id, recipe, given) => edit(id, user, recipe, options(given)),
    replace: (id, state, given) => replace(id, user, state, options(given)),
    restore: (id, given) => restore(id, user, options(given)),
    delete: (id: DocumentId, given?: WriteOptions) => store.delete(id, user, options(given)),
    undo: (id, event, given) => undo(id, user, event, options(given)),
    redo: (id, event, given) => redo(id, user, event, options(given)),
    revert: (id, moment, given) => revert(id, user, moment, options(given)),
  };
  return Object.freeze({
    ...inName,
    planRevert,
    planUndo,
    resolve,
    get,
    getMany,
    exists,
    read,
    stateAt,
    asOf,
    history,
    changes,
    activity,
    diff,
    blame,
    find,
    count,
    explain,
    rows,
  });
}
