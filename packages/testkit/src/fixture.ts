import type { DocumentId, Storage } from "@everdraft/core/adapter";

/**
 * How the kit gets at a storage: `describeStorage` is called with one, and that is an adapter's whole proof.
 */
export interface StorageFixture {
  /** The name in test titles. */
  readonly name: string;
  /** Opens a fresh, empty storage. Called once a test; the storage is closed at the end of that test. */
  open(): Promise<OpenedStorage>;
  /**
   * Titles of checks that this storage is known to fail. They must go on failing: when one passes, its test
   * breaks until it is taken off this list.
   */
  readonly gaps?: readonly string[];
  /** Needed only where the storage declares kinds of ids or values that the kit does not know. */
  readonly samples?: Samples;
}

/** A storage under test. */
export interface OpenedStorage {
  /** The storage. */
  readonly storage: Storage<string>;
  /** Comes last, after `reopen` too: closes the storage if it is open still, and removes its data. */
  close(): Promise<void>;
  /**
   * For storages that keep their data: opens the same data anew, as a later process would. Called after `storage.close()`, and
   * before this one's `close`; the kit closes the storage that it gives. Leave it out where nothing is kept.
   */
  reopen?(): Promise<Storage<string>>;
}

/** Values of kinds that only the adapter knows. */
export interface Samples {
  /** At least two ids of every declared kind but strings and safe integers, each kind from its lowest. */
  readonly ids?: readonly DocumentId[];
  /** At least two values of every declared value type. */
  readonly values?: readonly object[];
}
