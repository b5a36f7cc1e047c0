import type { CallOptions } from "../../context/options.ts";
import type { CountOptions, FieldName, FindOptions, Selected } from "../../context/queries.ts";
import type { FoundDocument } from "../../context/results.ts";
import type { Filter } from "../../model/filter-types.ts";
import type { AsyncList } from "../../read/async-list.ts";
import type { State } from "../../value/state-types.ts";

/**
 * The whole collection at a date, as `store.asOf(date)` gives it: each document as `stateAt` gives it at that date, in the
 * store's schema. Nothing is read before the first call, and nothing is held open.
 *
 * The documents that have no event after the date are read from their views, as `get` and `find` read them: a view that another
 * process's crash left behind its log counts as it stands until a sweep or a `read` brings it forward. The others are replayed. So the cost
 * grows with the documents that changed since, not with the collection. An event that is stored later with a time up to
 * the date (a slow clock, an import) changes the answer, as it does with `stateAt`.
 *
 * @typeParam T a document's state
 * @typeParam Id the ids of documents
 */
export interface StoreAsOf<T extends object, Id = string> {
  /** The date. */
  readonly date: Date;
  /**
   * The state then, or undefined where the document did not live. One read of the view; where that is later than the
   * date, also one snapshot and the events after it. Throws SchemaTooNewError, MigrationError and the errors of a migration.
   *
   * @example
   * const order = await orders.asOf(new Date("2026-03-01")).get("o-1");
   */
  get(id: Id, options?: CallOptions): Promise<State<T> | undefined>;
  /**
   * The states then, in the order of the ids. One read for each 500 of them, and a replay of each document whose view is
   * later than the date or is not there.
   *
   * @example
   * const [first, second] = await orders.asOf(new Date("2026-03-01")).getMany(["o-1", "o-2"]);
   */
  getMany(ids: readonly Id[], options?: CallOptions): Promise<readonly (State<T> | undefined)[]>;
  /**
   * The documents that lived then and matched a filter, with the version, time and user of their last event up to the date. Filter,
   * sort, pages and `onNewer` are those of `Store.find`. Each document comes once, in its place of then, whatever is
   * written meanwhile.
   *
   * Cost: that of `Store.find`, for up to as many documents more as have changed; one read of the events after the date (on
   * storages that do not know the order in which events were stored, such as MongoDB, one for each 1,000 documents given); and
   * replays. With a sort all changed documents are replayed before the first one is given, without one those that
   * come before the last one given. In memory: the ids of the changed documents, with a sort also their sort values.
   * Each page pays that anew. Throws FilterError, MigrationError, SchemaTooNewError.
   *
   * @example
   * const then = orders.asOf(new Date("2026-03-01"));
   * for await (const { id, state } of then.find({ status: "open" }, { sort: { customer: 1 } })) console.log(id, state.customer);
   */
  find<Fields extends FieldName<T> | undefined = undefined>(
    filter?: Filter<T>,
    options?: FindOptions<T, Fields>,
  ): AsyncList<FoundDocument<State<Selected<T, Fields>>, Id>>;
  /**
   * How many documents `find` gives: counted as `Store.count` does where they have not changed, and by replay of all that
   * have. Where more than 10,000 have changed, or further ones change again and again while it counts, it goes through them
   * as `find` does.
   *
   * @example
   * const open = await orders.asOf(new Date("2026-03-01")).count({ status: "open" });
   */
  count(filter?: Filter<T>, options?: CountOptions): Promise<number>;
}
