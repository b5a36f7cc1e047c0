import { randomUUID } from "node:crypto";
import { OptionsError } from "@everdraft/core/adapter";
import { collectionOptions, durably, readConcern, writeConcern } from "./concerns.ts";
import type { Connection } from "./connection.ts";
import type { Deadline } from "./deadline.ts";
import type { Document, MongoCollection, MongoConnection } from "./driver.ts";
import { hasLabel } from "./driver-errors.ts";
import { ensureIndexes, makeIndexes } from "./index-guard.ts";
import { eventIndexes, snapshotIndexes, viewIndexes } from "./indexes.ts";
import { checkpointsName, collectionNames, faultOfName } from "./names.ts";
import { refuseUnfit } from "./view-collection.ts";

/**
 * Makes and checks what a collection needs. Throws OptionsError for a name or a view collection that cannot
 * be, and what `ensureIndexes` throws. Gives back the indexes of the log.
 */
export async function prepareCollection(
  { db }: Connection,
  collection: string,
  atomic: boolean,
  deadline: Deadline,
): Promise<readonly Document[]> {
  const reason = faultOfName(db.databaseName, collection);
  if (reason !== undefined) {
    const message = `The collection ${JSON.stringify(collection)} cannot be kept in MongoDB: ${reason}. Give the collection another name.`;
    throw new OptionsError(message, { option: "collection", reason });
  }
  const names = collectionNames(collection);
  const of = (name: string) => db.collection(name, collectionOptions);
  // alone: where it has to connect first and cannot, what runs beside it fails for another reason
  await refuseUnfit(db, of(names.views), atomic, deadline);
  const [indexes] = await Promise.all([
    ensureIndexes(of(names.events), eventIndexes, deadline),
    ensureIndexes(of(names.snapshots), snapshotIndexes, deadline),
    makeIndexes(of(names.views), viewIndexes, deadline),
  ]);
  return indexes;
}

/**
 * Tries a transaction and takes it back: what a server says that it has is no proof, and one that has none
 * may say yes to all of it. Throws OptionsError where it is not taken back.
 */
export async function proveTransactions({ db }: Connection, deadline: Deadline): Promise<void> {
  const probes = db.collection(checkpointsName, collectionOptions);
  const hello = await db.command({ hello: 1 }, { signal: deadline.signal, readPreference: "primary" });
  if (typeof hello.setName !== "string" && hello.msg !== "isdbgrid") {
    throw refused("this server is neither a member of a replica set nor mongos");
  }
  const _id = `probe-${randomUUID()}`;
  while (!(await takeBack(db.client, probes, _id))) {
    if (deadline.over()) throw refused("the server was too busy for one");
  }
  const left = await probes.findOneAndDelete(
    { _id },
    {
      ...durably(deadline),
    },
  );
  if (left !== null) throw refused("the server did not take back a transaction");
}

/** Inserts in a transaction and takes it back; false where another was in the way. */
async function takeBack(client: MongoConnection, probes: MongoCollection, _id: string): Promise<boolean> {
  const session = client.startSession();
  try {
    session.startTransaction({ readConcern, writeConcern, readPreference: "primary" });
    await probes.insertOne({ _id }, { session });
    await session.abortTransaction();
    return true;
  } catch (cause) {
    if (hasLabel(cause, "TransientTransactionError")) return false;
    throw refused("the server refused a transaction", cause);
  } finally {
    await session.endSession();
  }
}

function refused(reason: string, cause?: unknown): OptionsError {
  const message = `atomicViews needs transactions, and ${reason}. Use a replica set (one member is enough), or leave atomicViews out: events are safe without, and views that a crash left behind are brought forward.`;
  return new OptionsError(message, { option: "atomicViews", reason }, { cause });
}
