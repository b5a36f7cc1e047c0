import type { CallOptions } from "../../context/options.ts";
import type { ReadDocument } from "../../context/results.ts";
import type { Imported, ImportOptions, Revision } from "../../context/revision.ts";
import type { Verified } from "../../history/verify.ts";
import type { State } from "../../value/state-types.ts";
import type { Swept } from "../../views/sweep.ts";

/**
 * The calls of whoever owns the store: they concern it as a whole, or keep it in order.
 *
 * @typeParam T a document's state
 * @typeParam Id the ids of documents
 */
export interface OwnerCalls<T extends object, Id = string> {
  /**
   * Opens and checks the storage now instead of at the first call.
   *
   * @example
   * await orders.ready();
   */
  ready(): Promise<void>;
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
   * Checks a document's whole history (versions, times, hashes, patches) and its view against it. Changes
   * nothing.
   *
   * @example
   * const { ok, findings } = await orders.verify("o-1");
   */
  verify(id: Id, options?: CallOptions): Promise<Verified<Id>>;
  /**
   * Rewrites a document's view from the log: the one call by which a view's version may fall. Then it brings the rows of this
   * store's projections forward; the notices `projection-failed` and `rows-behind` tell of those that cannot be written. Throws ConstraintError
   * where the collection refuses the view.
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
