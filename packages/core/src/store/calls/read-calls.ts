import type { CallOptions, GetOptions } from "../../context/options.ts";
import type {
  CountOptions,
  FieldName,
  FindDeletedOptions,
  FindOptions,
  Selected,
} from "../../context/queries.ts";
import type { DeletedDocument, FoundDocument, FoundOrDeleted } from "../../context/results.ts";
import type { Filter } from "../../model/filter-types.ts";
import type { FindPlan } from "../../port/view-store.ts";
import type { EventProjection, StateProjection } from "../../projection/define-projection.ts";
import type { AsyncList } from "../../read/async-list.ts";
import type { Rows } from "../../read/find-rows.ts";
import type { State } from "../../value/state-types.ts";
import type { PlainObject } from "../../value/value.ts";

/** A projection whose rows are of this form. */
type NamedRows<R extends object> = StateProjection<never, R, never> | EventProjection<R, never>;

/**
 * The calls that read documents as they are now.
 *
 * @typeParam T a document's state
 * @typeParam Id the ids of documents
 */
export interface ReadCalls<T extends object, Id = string> {
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
   * The deleted documents whose last states match a filter, or those and the living ones in one order. A deleted document
   * comes with its last state, and with the version, time and user of its deletion. Filter, sort, pages and `onNewer` as
   * below. Within one iteration each document comes at most once, and one that nobody edits, deletes or restores meanwhile comes.
   *
   * Cost: deleted documents are in no view and no index, so the ids of all documents of the log are read, 500 at a time, and looked up
   * among the views; a filter by `_id` leaves those out that it does not ask for. Each deleted document is replayed twice, with a sort
   * four times. Without a sort a limit ends the search. Throws FilterError, MigrationError, SchemaTooNewError.
   */
  find<
    Fields extends FieldName<T> | undefined = undefined,
    Deleted extends "only" | "include" = "only" | "include",
  >(
    filter: Filter<T> | undefined,
    options: FindDeletedOptions<T, Fields, Deleted>,
  ): AsyncList<
    Deleted extends "only"
      ? DeletedDocument<State<Selected<T, Fields>>, Id>
      : FoundOrDeleted<State<Selected<T, Fields>>, Id>
  >;
  /**
   * The living documents that match a filter, read in pages as they are iterated; filter and sort see their states in the
   * store's schema. Within one iteration each comes at most once, and one that nobody edits or deletes meanwhile comes.
   * While there are documents of an older schema (the notice `older-schema`), a find by other fields than `_id` reads all of
   * those; documents of a newer one are left out (`onNewer`). Throws FilterError, MigrationError, SchemaTooNewError.
   *
   * @example
   * for await (const { id, state } of orders.find({ status: "open" }, { sort: { customer: 1 } })) console.log(id, state.customer);
   * for await (const { id, by, at } of orders.find({}, { deleted: "only" })) console.log(id, "was deleted by", by, at);
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
}
