import { refuseUnknownOptions, type Storage, type StoredCollection } from "@everdraft/core/adapter";
import { capabilities } from "./capabilities.ts";
import { sqliteCheckpoints } from "./checkpoint-store.ts";
import { type Connection, connect } from "./connection.ts";
import { sqliteLog } from "./event-log.ts";
import { sqliteFacts } from "./facts.ts";
import { listCollections } from "./list-collections.ts";
import { checkCollection, checkName, prepareCollection } from "./prepare-collection.ts";
import { checkedVersion, prepareFile } from "./prepare-file.ts";
import { prepareRows, rowTables, sqliteRows } from "./row-store.ts";
import { sqliteSnapshots } from "./snapshot-store.ts";
import { storagePath } from "./storage-path.ts";
import { quote, tableNames } from "./tables.ts";
import { sqliteViews } from "./view-store.ts";

/**
 * A storage in one SQLite file, without a server: durable (write-ahead log, synchronous FULL), and safe for
 * several processes of one machine. Nothing is opened until the first store that uses it is; a missing file
 * is made then, a missing folder is not.
 *
 * An event and its view are stored in one transaction. One file serves many collections: `orders` is kept in
 * the tables `orders` (the documents), `orders.events` and `orders.snapshots`. Ids are strings; events and
 * states have up to 100 MiB each. The engine is synchronous, so a call keeps the event loop for as long as it
 * takes: about a millisecond for an edit. Only conditions on `_id` are answered by SQLite; other filters
 * read all documents, in pages between which the event loop runs.
 *
 * Several processes that write wait for each other up to the `timeoutMs` of the call. Errors:
 * StorageBusyError (another process held the lock all the time), StorageFullError, StorageReadOnlyError,
 * StorageCorruptError (damaged, or no SQLite database), StorageOutdatedError (an SQLite below 3.51.3),
 * FormatTooNewError (a file of a newer version of this library), OptionsError (a collection's name that
 * differs only in case from another's, begins with `sqlite_`, or is taken by a table of another program),
 * StorageError for all else.
 *
 * @param path the file; `":memory:"` is one that ends with the storage, for trials
 *
 * @example
 * const storage = sqliteStorage("./orders.db");
 * const orders = createStore<Order>({ collection: "orders", storage });
 * await orders.ready();
 * // ...
 * await orders.close();
 * await storage.close();
 */
export function sqliteStorage(path: string): Storage<string>;
export function sqliteStorage(path: string, options?: object): Storage<string> {
  refuseUnknownOptions(options, {}, "sqliteStorage");
  return storageOn(connect(storagePath(path)));
}

/** The storage on a connection. */
export function storageOn(connection: Connection): Storage<string> {
  const collections = new Map<string, StoredCollection>();

  const openCollection = (collection: string): StoredCollection => {
    const known = collections.get(collection);
    if (known !== undefined) return known;
    checkName(collection);
    const database = connection.database();
    // what is refused is left as it was
    checkedVersion(database, connection.path);
    checkCollection(database, collection);
    connection.claim();
    prepareFile(database, connection.path);
    prepareCollection(database, collection);
    const names = tableNames(collection);
    const opened: StoredCollection = {
      log: sqliteLog(connection, names),
      views: sqliteViews(connection, names),
      snapshots: sqliteSnapshots(connection, names),
      checkpoints: sqliteCheckpoints(connection, collection),
      rows: (name, _indexes, { timeoutMs }) =>
        connection.step("open rows", { timeoutMs }, () => {
          const tables = rowTables(collection, name);
          prepareRows(database, tables);
          return sqliteRows(connection, tables);
        }),
      dropRows: (name, { timeoutMs }) =>
        connection.step("drop rows", { timeoutMs }, () =>
          database.transaction(() => {
            for (const table of Object.values(rowTables(collection, name)))
              database.execute(`DROP TABLE IF EXISTS ${quote(table)}`);
          }),
        ),
      facts: (call) => connection.step("look at the collection", call, () => sqliteFacts(database, names)),
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
    close: connection.close,
    [Symbol.asyncDispose]: connection.close,
  };
}
