// for programs without Node's types
/// <reference lib="esnext.disposable" preserve="true" />

import type { Change } from "../changes/change.ts";
import type { Blame, BlameOptions } from "../context/blamed.ts";
import type {
  CallOptions,
  GetOptions,
  PlanUndoOptions,
  UndoOptions,
  UserId,
  WriteOptions,
} from "../context/options.ts";
import type {
  ChangesQuery,
  CountOptions,
  FieldName,
  FindOptions,
  HistoryQuery,
  Selected,
} from "../context/queries.ts";
import type { FoundDocument, ReadDocument, RevertPlan, UndoPlan, Written } from "../context/results.ts";
import type { Imported, ImportOptions, Revision } from "../context/revision.ts";
import type { Verified } from "../history/verify.ts";
import type { EventType } from "../model/event.ts";
import type { Filter } from "../model/filter-types.ts";
import type { Moment } from "../model/moment.ts";
import type { Recipe } from "../patch/run-recipe.ts";
import type { FindPlan } from "../port/view-store.ts";
import type { EventProjection, StateProjection } from "../projection/define-projection.ts";
import type { DocumentEvent } from "../projection/document-event.ts";
import type { AsyncList } from "../read/async-list.ts";
import type { Rows } from "../read/find-rows.ts";
import type { State } from "../value/state-types.ts";
import type { PlainObject } from "../value/value.ts";
import type { Swept } from "../views/sweep.ts";
import type { Resolved } from "../write/resolve.ts";

/** A projection whose rows are of this form. */
type NamedRows<R extends object> = StateProjection<never, R, never> | EventProjection<R, never>;

/**
 * A collection of documents with their whole history. Every write names its document and user and stores at most one
 * event: atomically, or not at all. All calls can fail with ClosedError and the Storage… errors; writes with the errors
 * that docs/errors.md lists under "Writes".
 *
 * @typeParam T a document's state: an interface or type alias of plain values
 * @typeParam Id the ids of documents
 */
export interface Store<T extends object, Id = string> extends AsyncDisposable {
  /**
   * Opens and checks the storage now instead of at the first call.
   *
   * @example
   * await orders.ready();
   */
  ready(): Promise<void>;
  /**
   * The store in the name of one user: its writes take no user, so that an id and a user cannot be mixed up. The meta is kept
   * with each event of it; the meta of a call is merged over it, key by key. Costs nothing, and needs no closing. Throws
   * UserError, OptionsError.
   *
   * @example
   * const mine = orders.as("alice", { meta: { request: "r-7" } });
   * await mine.edit("o-1", (draft) => void (draft.status = "paid"));
   */
  as(user: UserId<Id>, options?: { readonly meta?: object }): UserStore<T, Id>;

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
   * The change that a revert to this moment would store now, and the events that it would take back. Stores nothing.
   * Cost: the head, and the events since the moment. Throws as `revert` does.
   *
   * @example
   * const { patches, takesBack } = await orders.planRevert("o-1", { version: 1 });
   */
  planRevert(id: Id, moment: Moment, options?: CallOptions): Promise<RevertPlan<Id>>;
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
  /**
   * The changes that an undo of this event would make now, and the places that later events touched. Stores nothing.
   * Throws as `undo` does, but never UndoConflictError.
   *
   * @example
   * const { changes, conflicts } = await orders.planUndo("o-1", { version: 2 });
   * for (const { path, event } of conflicts) console.log(path.join("."), "was changed by", event.by);
   */
  planUndo(id: Id, event: { readonly version: number }, options?: PlanUndoOptions): Promise<UndoPlan<Id>>;

  /**
   * The state now, or undefined where there is no such living document. One read of the view. On SQLite, and with `onlyWriter`
   * on MongoDB, the state comes from the cache where the view is of the same event: then only the event of the view is read.
   * Throws SchemaTooNewError, MigrationError and the errors of a migration, as every call that hands out states does (of `find`
   * a notice names the document; it leaves newer ones out). On SQLite and in memory the digest of a view is checked where the
   * view is read, as in `find` and `count`, and DriftError is thrown where another program wrote to it; on MongoDB all three
   * take views as they stand.
   *
   * @example
   * const order = await orders.get("o-1");
   * if (order !== undefined) console.log(order.status);
   */
  get(id: Id, options?: GetOptions): Promise<State<T> | undefined>;
  /**
   * The states now, in the order of the ids. One read for each 500 of them, so those of a longer list are of several moments.
   *
   * @example
   * const [first, second] = await orders.getMany(["o-1", "o-2"]);
   */
  getMany(ids: readonly Id[], options?: CallOptions): Promise<readonly (State<T> | undefined)[]>;
  /**
   * Whether the document lives now. One read.
   *
   * @example
   * if (!(await orders.exists("o-9"))) console.log("there is no order o-9");
   */
  exists(id: Id, options?: CallOptions): Promise<boolean>;
  /**
   * The state with its version, time and user. Without a moment: now, compared with the log, so never behind
   * (two reads at once); a view that is behind is brought forward. With one: as `stateAt`. Undefined where
   * the document did not live then.
   *
   * @example
   * const now = await orders.read("o-1");
   * if (now !== undefined) console.log(now.version, now.by, now.state.status);
   */
  read(id: Id, moment?: Moment, options?: CallOptions): Promise<ReadDocument<State<T>, Id> | undefined>;
  /**
   * The state at a moment, undefined before the creation and while deleted. A date means the last event at or
   * before it; one in the future the state now. Costs one snapshot and the events after it, whatever the
   * length of the history. Throws MomentError, VersionAheadError.
   *
   * @example
   * const before = await orders.stateAt("o-1", { version: 1 });
   * const then = await orders.stateAt("o-1", new Date("2026-03-01"));
   */
  stateAt(id: Id, moment: Moment, options?: CallOptions): Promise<State<T> | undefined>;
  /**
   * The events of a document, read in pages as they are iterated. With a `type` in the query they are of that type.
   *
   * @example
   * for await (const { version, at, by, type, reason } of orders.history("o-1", { order: "newest" }))
   *   console.log(version, at, by, type, reason);
   */
  history<Type extends EventType = EventType>(
    id: Id,
    query?: HistoryQuery<Id, Type>,
  ): AsyncList<DocumentEvent<Id, Type>>;
  /**
   * The events of all documents by time. Nothing that must be complete can rest on it: late events appear at
   * their own time.
   *
   * @example
   * const today = await orders.changes({ by: "alice", from: new Date(Date.now() - 86_400_000) }).toArray();
   */
  changes<Type extends EventType = EventType>(
    query?: ChangesQuery<Id, Type>,
  ): AsyncList<DocumentEvent<Id, Type>>;
  /**
   * The changes between two moments, with elements of arrays followed; version 0 is before the creation. Costs a `stateAt`
   * of each. Throws MomentError, VersionAheadError.
   *
   * @example
   * const changes = await orders.diff("o-1", { version: 1 }, new Date());
   */
  diff(id: Id, a: Moment, b: Moment, options?: CallOptions): Promise<readonly Change[]>;
  /**
   * Each value of a document at a moment (default: now), with the event that last set it: who, when, why. Elements of arrays
   * keep their events when others are put before them, or when they move. Undefined where the document did not live then.
   * Costs one replay of all events up to the moment. Throws MomentError, VersionAheadError.
   *
   * @example
   * const blame = await orders.blame("o-1");
   * const status = blame?.at(["status"]);
   * console.log(status?.value, status?.event.by, status?.event.reason, await status?.previous());
   * for (const { path, event } of blame ?? []) console.log(path.join("."), event.by, event.at);
   */
  blame(id: Id, moment?: Moment, options?: BlameOptions<Id>): Promise<Blame<State<T>, Id> | undefined>;
  /**
   * The living documents that match a filter, read in pages as they are iterated; filter and sort see their states in the
   * store's schema. Within one iteration each comes at most once, and one that nobody edits or deletes meanwhile comes.
   * While there are documents of an older schema (the notice `older-schema`), a find by other fields than `_id` reads all of
   * those; documents of a newer one are left out (`onNewer`). Throws FilterError, MigrationError, SchemaTooNewError.
   *
   * @example
   * for await (const { id, state } of orders.find({ status: "open" }, { sort: { customer: 1 } })) console.log(id, state.customer);
   */
  find<Fields extends FieldName<T> | undefined = undefined>(
    filter?: Filter<T>,
    options?: FindOptions<T, Fields>,
  ): AsyncList<FoundDocument<State<Selected<T, Fields>>, Id>>;
  /**
   * How many living documents match a filter: as many as `find` gives, with its cost where some are of an older schema.
   *
   * @example
   * const open = await orders.count({ status: "open" });
   */
  count(filter?: Filter<T>, options?: CountOptions): Promise<number>;
  /**
   * How `find` with this filter and these options would be answered now: by an index, or by a scan of all documents.
   * Finds nothing. An index that is not complete counts as none; so does one that leaves more than some 10,000 documents to
   * be put in order, on SQLite. Memory scans always. While there are documents of an older schema, those are scanned beside
   * the index.
   *
   * @example
   * const plan = await orders.explain({ status: "open" }, { sort: { customer: 1 } });
   * console.log(plan.kind === "index" ? `by ${plan.name}` : "a scan");
   */
  explain(filter?: Filter<T>, options?: FindOptions<T>): Promise<FindPlan>;
  /**
   * The rows of a projection of this store, by the projection or its name. Reads wait for this process's own pending
   * writes; rows that another process's crash left behind are missed until a sweep, a `read` or a rebuild. Throws
   * OptionsError for a name that the store does not have.
   *
   * @example
   * const { items, next } = await orders.rows(lines).find({ sku: "A-1" }).page({ limit: 20 });
   */
  rows(projection: string): Rows<PlainObject, Id>;
  /** As above, with the type of the projection's rows. */
  rows<R extends object>(projection: NamedRows<R>): Rows<R, Id>;

  /**
   * Takes in revisions from elsewhere with their own times, per document in order. A rerun goes on where it stopped.
   * Documents with other events are reported and skipped; so is a revision that cannot be stored, where `onRefused` is
   * `"skip"`. Throws ImportOrderError, ImportFutureError, and with `onRefused: "stop"` the error of such a revision:
   * ValueError, ReservedFieldError, TooLargeError, IdError, UserError, OptionsError, ConstraintError. An error of the
   * source is thrown as it is. Whatever ends an import, all that was read before is stored, and a retry is safe.
   *
   * @example
   * const revisions = [{ id: "o-7", at: new Date("2020-05-01"), by: "carol", state: { customer: "c-1", status: "sent", lines: [] } }];
   * const { events } = await orders.import(revisions, { name: "old shop" });
   */
  import(
    revisions: AsyncIterable<Revision<T, Id>> | Iterable<Revision<T, Id>>,
    options?: ImportOptions,
  ): Promise<Imported>;
  /**
   * The outcome of a write that ended with IndeterminateError. With `settle: user` an open one is closed for ever by a
   * blank event.
   *
   * @example
   * try {
   *   await orders.edit("o-1", "bob", (draft) => void (draft.status = "paid"));
   * } catch (error) {
   *   if (!isEverdraftError(error, "indeterminate")) throw error;
   *   const { outcome } = await orders.resolve("o-1", error.details, { settle: "bob" });
   *   console.log(outcome);
   * }
   */
  resolve(
    id: Id,
    write: { readonly eventId: string; readonly version: number },
    options?: CallOptions & { settle?: UserId<Id> },
  ): Promise<Resolved<State<T>, Id>>;
  /**
   * Checks a document's whole history (versions, times, hashes, patches) and its view against it. Changes
   * nothing.
   *
   * @example
   * const { ok, findings } = await orders.verify("o-1");
   */
  verify(id: Id, options?: CallOptions): Promise<Verified<Id>>;
  /**
   * Rewrites a document's view from the log: the one call by which a view's version may fall. Throws ConstraintError
   * where the collection refuses it.
   *
   * @example
   * const repaired = await orders.repair("o-1");
   */
  repair(id: Id, options?: CallOptions): Promise<ReadDocument<State<T>, Id> | undefined>;
  /**
   * Brings forward the views that are behind, and the rows of this store's projections, of documents with events stored
   * since the last sweep, whatever their times. A store does it by itself in the background when it opens, where it has
   * projections or the storage cannot write event and view together; `close` ends that. Cost: head, view and rows of
   * each such document.
   *
   * @example
   * const { checked, broughtForward } = await orders.sweep();
   */
  sweep(options?: CallOptions): Promise<Swept>;
  /**
   * Waits for all work under way and ends the store; its storage stays open. Safe to call again.
   *
   * @example
   * await orders.close();
   */
  close(): Promise<void>;
}

/** The calls that write. */
export type Writes = "create" | "edit" | "replace" | "delete" | "restore" | "revert" | "undo" | "redo";
/** The calls of whoever owns the store. */
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
  revert(id: Id, moment: Moment, options?: WriteOptions): Promise<Written<State<T>, Id>>;
  /** As `Store.undo`. */
  undo(id: Id, event: { readonly version: number }, options?: UndoOptions): Promise<Written<State<T>, Id>>;
  /** As `Store.redo`. */
  redo(id: Id, event?: { readonly version: number }, options?: UndoOptions): Promise<Written<State<T>, Id>>;
}
