import { refuseUnknownOptions, type Storage, type StoredCollection } from "@everdraft/core/adapter";
import { capabilities } from "./capabilities.ts";
import { sqliteCheckpoints } from "./checkpoint-store.ts";
import { type Connection, connect } from "./engine/connection.ts";
import { sqliteFacts } from "./facts.ts";
import { type Backup, type BackupOptions, backUp } from "./file/backup.ts";
import { checkedVersion, prepareFile } from "./file/prepare-file.ts";
import { storagePath } from "./file/storage-path.ts";
import { addIndexes, sqliteIndexes } from "./indexes/index-store.ts";
import { listCollections } from "./list-collections.ts";
import { sqliteLog } from "./log/event-log.ts";
import { checkCollection, checkName, prepareCollection } from "./prepare-collection.ts";
import { dropRows } from "./rows/drop-rows.ts";
import { sqliteRows } from "./rows/row-store.ts";
import { prepareRowTables, rowTables } from "./rows/row-tables.ts";
import { sqliteSnapshots } from "./snapshot-store.ts";
import { tableNames } from "./tables.ts";
import { sqliteViews } from "./views/view-store.ts";

/** A storage in a SQLite file. */
export interface SqliteStorage extends Storage<string> {
  /**
   * Copies the file while it is in use: all collections, as they are at one moment, into a new file. Processes that write go
   * on, and nothing that they write meanwhile is in the copy; events acknowledged before the call are. The copy is
   * made off the event loop under another name beside it, opened once, and named only when it is whole and on the disk. The
   * write-ahead log grows meanwhile with every write.
   *
   * It costs reading and writing the file once. `restoreBackup` puts it back. Errors: OptionsError (something is at the
   * path already, or it is none; a storage in memory), StorageFullError, StorageReadOnlyError, StorageBusyError,
   * StorageReplacedError (the file was taken away), StorageError. A retry is safe: a failed one leaves nothing.
   *
   * @param path the new file; an existing one is never touched
   *
   * @example
   * const { bytes, collections } = await storage.backup("/backups/orders-2026-03-01.db");
   */
  backup(path: string, options?: BackupOptions): Promise<Backup>;
}

/**
 * A storage in one SQLite file, without a server: durable (write-ahead log, synchronous FULL), and safe for
 * several processes of one machine. Nothing is opened until the first store that uses it is; a missing file
 * is made then, a missing folder is not.
 *
 * An event and its view are stored in one transaction. One file serves many collections: `orders` is kept in
 * the tables `orders` (the documents), `orders.events` and `orders.snapshots`. Ids are strings; events and
 * states have up to 100 MiB each. The engine is synchronous, so a call keeps the event loop for as long as it
 * takes: about a millisecond for an edit. Conditions on `_id` are answered by SQLite, and those on fields with an index (the
 * option `indexes` of the store) by that index; other filters read all documents, in pages between which the event loop runs.
 *
 * Several processes that write wait for each other up to the `timeoutMs` of the call. Errors:
 * StorageBusyError (another process held the lock all the time), StorageFullError, StorageReadOnlyError,
 * StorageReplacedError (the file, or its write-ahead log, was removed or replaced while it was open: the storage takes no
 * more calls), StorageCorruptError (damaged, or no SQLite database), StorageOutdatedError (an SQLite below 3.51.3),
 * FormatTooNewError (a file of a newer version of this library), OptionsError (a collection's name that
 * differs only in case from another's, begins with `sqlite_`, or is taken by a table of another program; a path that is
 * none, at once), StorageError for all else. A file or a collection that is refused is left as it was.
 *
 * The SQLite is Node's own (`node:sqlite`) where that is new enough, else that of @photostructure/sqlite, one for the whole
 * process; `facts` names it. A program that opens the file by another library meanwhile must open it for reading only.
 * A file that this process may not write to is opened for reading.
 *
 * @param path the file, relative to the working directory of now; `":memory:"` is one that ends with the storage, for trials
 *
 * @example
 * const storage = sqliteStorage("./orders.db");
 * const orders = createStore<Order>({ collection: "orders", storage });
 * await orders.ready();
 * // ...
 * await orders.close();
 * await storage.close();
 */
export function sqliteStorage(path: string): SqliteStorage;
export function sqliteStorage(path: string, options?: object): SqliteStorage {
  refuseUnknownOptions(options, {}, "sqliteStorage");
  return storageOn(connect(storagePath(path)));
}

/** The storage on a connection. */
export function storageOn(connection: Connection): SqliteStorage {
  const collections = new Map<string, StoredCollection>();

  const openCollection = (collection: string): StoredCollection => {
    const known = collections.get(collection);
    if (known !== undefined) return known;
    checkName(collection);
    const database = connection.database();
    // a file or a collection that is refused is left as it was
    checkedVersion(database, connection.path);
    checkCollection(database, collection);
    connection.claim();
    prepareFile(database, connection.path);
    prepareCollection(database, collection);
    const names = tableNames(collection);
    const opened: StoredCollection = {
      log: sqliteLog(connection, collection),
      views: sqliteViews(connection, names),
      snapshots: sqliteSnapshots(connection, names),
      checkpoints: sqliteCheckpoints(connection, collection),
      indexes: sqliteIndexes(connection, collection),
      rows: (name, indexes, { timeoutMs }) =>
        connection.step("open rows", { timeoutMs }, () => {
          const over = { collection, rows: name };
          prepareRowTables(database, rowTables(collection, name));
          addIndexes(connection, over, indexes);
          return sqliteRows(connection, over);
        }),
      dropRows: (name, { timeoutMs }) =>
        connection.step("drop rows", { timeoutMs }, () => dropRows(database, { collection, rows: name })),
      facts: (call, { bytes } = { bytes: true }) =>
        connection.run("look at the collection", call, (steps) => sqliteFacts(database, names, bytes, steps)),
    };
    collections.set(collection, opened);
    return opened;
  };

  return {
    name: "sqlite",
    capabilities,
    open: (collection, { timeoutMs }) =>
      connection.step("open the collection", { timeoutMs }, () => openCollection(collection)),
    collections: async ({ timeoutMs }) =>
      connection.path === ":memory:"
        ? [...collections.keys()].sort()
        : connection.run("list the collections", { timeoutMs }, (steps) =>
            listCollections(connection, steps),
          ),
    backup: (path, options) => backUp(connection, path, options),
    close: connection.close,
    [Symbol.asyncDispose]: connection.close,
  };
}
