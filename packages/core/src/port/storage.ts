// for programs without Node's types
/// <reference lib="esnext.disposable" preserve="true" />
import type { Call } from "./call.ts";
import type { Capabilities } from "./capabilities.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";
import type { EventLog } from "./event-log.ts";
import type { Facts } from "./facts.ts";
import type { IndexStore } from "./index-store.ts";
import type { RowIndex, RowStore } from "./row-store.ts";
import type { SnapshotStore } from "./snapshot-store.ts";
import type { ViewStore } from "./view-store.ts";

/** The parts that a storage keeps for one collection. */
export interface StoredCollection {
  readonly log: EventLog;
  readonly views: ViewStore;
  readonly snapshots: SnapshotStore;
  readonly checkpoints: CheckpointStore;
  /** Left out where the engine cannot use indexes, and every find is a scan. */
  readonly indexes?: IndexStore;
  /**
   * Opens the rows of one version of a projection, making collections and indexes for them where needed. `name` is made
   * of letters, digits, dots, `_` and `-`. Indexes are made where the engine can use them.
   */
  rows(name: string, indexes: readonly RowIndex[], call: Call): Promise<RowStore>;
  /**
   * Takes the rows of this name away, with their indexes. Nothing where there are none. A `RowStore` that was opened
   * before is of no use any more: nobody calls it.
   */
  dropRows(name: string, call: Call): Promise<void>;
  /** Facts of the collection for people: sizes and faults. Without `bytes` these are left out where finding them takes long. */
  facts(call: Call, options?: { readonly bytes: boolean }): Promise<Facts>;
}

/**
 * The port: the interface that an adapter implements. Arguments were checked before, so adapters validate nothing again;
 * every error that leaves one is the library's own. Storages serve many stores, and who made one closes it.
 *
 * @typeParam Id the ids that documents may have: a storage that takes more kinds fits wherever fewer are used
 */
export interface Storage<in Id = string> extends AsyncDisposable {
  /** The name used in messages. */
  readonly name: string;
  /** Its abilities. */
  readonly capabilities: Capabilities;
  /** Carries the kinds of id in types; never called. */
  readonly takes?: (id: Id) => void;
  /**
   * Opens a collection, making and checking all parts that it needs. Safe to call again. Throws Storage… errors and
   * OptionsError for a name that cannot be: which ones is the engine's, but letters, digits, dots, `_`, `-` and spaces in
   * up to 40 characters have to be.
   */
  open(collection: string, call: Call): Promise<StoredCollection>;
  /**
   * The names of the collections that it keeps, in the order of `Array.prototype.sort`. Makes nothing, whether or not there is anything yet. Left out
   * where it cannot be told.
   */
  collections?(call: Call): Promise<readonly string[]>;
  /**
   * The server's clock less this process's, in milliseconds. Left out where there is no server: then the
   * process's clock is the clock.
   */
  clockOffset?(call: Call): Promise<number>;
  /**
   * A count that grows whenever the stored data may have become another: the server was lost and found, so a backup may
   * have been put back meanwhile. Stores then forget all that they remember. Left out where the storage itself ends with
   * that.
   */
  outages?(): number;
  /** Ends all use; calls in flight finish first, later ones are ClosedError. Safe to call again. */
  close(): Promise<void>;
}
