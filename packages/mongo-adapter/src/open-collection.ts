import type { StoredCollection } from "@everdraft/core/adapter";
import { proveBson } from "./bson/prove-bson.ts";
import { mongoCheckpoints } from "./checkpoint-store.ts";
import { type BulkCommand, bulkCommandOf } from "./connection/bulk-command.ts";
import { collectionOf } from "./connection/collection-of.ts";
import { collectionOptions } from "./connection/concerns.ts";
import type { Connection } from "./connection/connection.ts";
import type { CommandsDeadline } from "./connection/deadline.ts";
import { collectionNames } from "./connection/names.ts";
import { type ProvenServer, proveServer, proveTransactions } from "./connection/prove-server.ts";
import { mongoFacts } from "./facts.ts";
import { slotGuard } from "./indexes/index-guard.ts";
import { mongoIndexes } from "./indexes/index-store.ts";
import { mongoCommit } from "./log/commit.ts";
import { atomicCommit } from "./log/commit-atomically.ts";
import type { EventDocument } from "./log/event-document.ts";
import { mongoLog } from "./log/event-log.ts";
import { prepareCollection } from "./prepare-collection.ts";
import { dropRows, openRows } from "./rows/rows.ts";
import { mongoSnapshots } from "./snapshot-store.ts";
import type { ViewDocument } from "./views/view-document.ts";
import { mongoViews } from "./views/view-store.ts";

/** Opens a collection. */
export type OpenCollection = (collection: string, deadline: CommandsDeadline) => Promise<StoredCollection>;

/** The opening of a storage's collections. The driver's classes and the server are tried once for all of them. */
export function collectionOpener(connection: Connection, atomic: boolean): OpenCollection {
  const { db } = connection;
  let isProven = false;
  let proven: ProvenServer | undefined;
  let bulkCommand: BulkCommand | undefined;
  const prove = async (isReplicated: boolean, deadline: CommandsDeadline): Promise<ProvenServer> => {
    proven ??= await proveServer(connection, isReplicated, deadline);
    return proven;
  };
  return async (collection, deadline) => {
    if (!isProven) await proveBson(connection, deadline);
    isProven = true;
    if (atomic) await proveTransactions(connection, deadline);
    const found = await prepareCollection(connection, collection, atomic, deadline);
    bulkCommand ??= await bulkCommandOf(connection, deadline);
    const names = collectionNames(collection);
    const events = collectionOf<EventDocument>(db, names.events);
    const views = collectionOf<ViewDocument>(db, names.views);
    const indexed = {
      views: db.collection(names.views, collectionOptions),
      events: db.collection(names.events, collectionOptions),
    };
    const guard = slotGuard(connection, events, found);
    const target = { connection, events, views, guard, bulkCommand };
    return {
      log: mongoLog(
        connection,
        { events, indexed: indexed.events },
        atomic ? atomicCommit(target) : mongoCommit(target),
      ),
      views: mongoViews(connection, views),
      snapshots: mongoSnapshots(connection, names.snapshots),
      checkpoints: mongoCheckpoints(connection, collection),
      indexes: mongoIndexes(connection, indexed),
      rows: (name, indexes, { timeoutMs }) =>
        connection.run("open rows", { timeoutMs }, (within) =>
          openRows(connection, collection, { name, indexes }, within),
        ),
      dropRows: (name, { timeoutMs }) =>
        connection.run("drop rows", { timeoutMs }, () => dropRows(connection, collection, name)),
      facts: (call) =>
        connection.run("look at the collection", call, (within) =>
          mongoFacts(connection, collection, { atomic, prove }, within),
        ),
    };
  };
}
