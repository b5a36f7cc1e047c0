import {
  type Call,
  type OptionNames,
  OptionsError,
  refuseUnknownOptions,
  type Storage,
  type StoredCollection,
} from "@everdraft/core/adapter";
import { BSON } from "mongodb";
import { type BsonClasses, checkBson } from "./bson/bson-classes.ts";
import type { MongoObjectId, MongoUuid } from "./bson/bson-values.ts";
import { capabilitiesOf } from "./capabilities.ts";
import { connect } from "./connection/connection.ts";
import type { CommandsDeadline } from "./connection/deadline.ts";
import type { MongoDatabase } from "./connection/driver.ts";
import { listCollections } from "./connection/list-collections.ts";
import { collectionOpener } from "./open-collection.ts";

/** How a storage on MongoDB works. */
export interface MongoStorageOptions {
  /**
   * Whether an event and its view are written in one transaction, so that a view collection may have unique
   * indexes and a validator: a document that they refuse is a ConstraintError and nothing is stored. Needs a
   * replica set or mongos; costs about two round trips more an edit. Default false.
   */
  readonly atomicViews?: boolean;
  /**
   * The classes of the driver that made `db`: `import { BSON } from "mongodb"`, or `mongoose.mongo.BSON`. Values that the
   * storage hands out are of these classes; it takes those of any copy of bson. Needed where another copy of the driver is
   * installed for this package than for the program; opening a collection says so. Default: the BSON of the `mongodb` that
   * this package finds.
   */
  readonly BSON?: BsonClasses;
}

const names: OptionNames<MongoStorageOptions> = { atomicViews: true, BSON: true };

function checkOptions(options: MongoStorageOptions): void {
  const refuse = (option: string, reason: string): never => {
    throw new OptionsError({ option, reason });
  };
  if (typeof options !== "object" || options === null) refuse("options", "it is an object");
  refuseUnknownOptions(options, names, "mongoStorage");
  const { atomicViews } = options;
  if (atomicViews !== undefined && typeof atomicViews !== "boolean")
    refuse("atomicViews", "it is true or false");
}

/**
 * A storage in a MongoDB database, over the client that you have: it opens none and closes none. The current
 * documents are in `<collection>` as any tool expects them (with one field more, `_everdraft`), the events in
 * `<collection>.events`, snapshots in `<collection>.snapshots`, checkpoints in `everdraft.checkpoints`.
 *
 * Ids are texts, safe integers, ObjectIds and UUIDs. Every operation says its own concerns (writes: majority
 * and journal; reads: primary and majority) and its own BSON options, whatever the client says. An edit is
 * the insert of the event, which counts, and the update of the view: one command on MongoDB 8, two on older servers and
 * behind mongos.
 *
 * Opening a collection makes its indexes where they are missing and refuses a collection that could refuse
 * documents (unique index, validator, TTL, capped, collation). Errors: StorageCorruptError (the unique index
 * over the slots is not as it has to be; nothing is written without it), StorageReadOnlyError (the user may
 * not write), StorageError for all else, OptionsError, ConstraintError (only with `atomicViews`).
 *
 * @param db the database, of a client of driver 6 or 7; `mongoose.connection.db` of Mongoose 8 or 9 is one
 * @param options how it works
 *
 * @example
 * const client = new MongoClient("mongodb://127.0.0.1:27017");
 * const storage = mongoStorage(client.db("shop"));
 * const orders = createStore<Order>({ collection: "orders", storage });
 * // ...
 * await orders.close();
 * await storage.close();
 * await client.close();
 */
export function mongoStorage(
  db: MongoDatabase,
  options: MongoStorageOptions = {},
): Storage<string | number | MongoObjectId | MongoUuid> {
  checkOptions(options);
  const { BSON: bson = BSON } = options;
  checkDatabase(db);
  checkBson(bson);
  const atomic = options.atomicViews === true;
  const connection = connect(db, bson);
  const collections = new Map<string, Promise<StoredCollection>>();
  const open = collectionOpener(connection, atomic);

  return {
    name: "mongodb",
    capabilities: capabilitiesOf(bson, atomic),
    open: (collection, call) =>
      connection.run("open the collection", call, async (deadline) => {
        const opening = collections.get(collection) ?? open(collection, deadline);
        collections.set(collection, opening);
        try {
          return await opening;
        } catch (error) {
          // the reason for a failure may be put right, so the next opening looks anew
          if (collections.get(collection) === opening) collections.delete(collection);
          throw error;
        }
      }),
    collections: (call) =>
      connection.run("list the collections", call, (deadline) => listCollections(connection, deadline)),
    clockOffset: (call: Call) =>
      connection.run("ask for the time", call, (deadline) => clockOffset(db, deadline)),
    outages: connection.changes,
    close: connection.close,
    [Symbol.asyncDispose]: connection.close,
  };
}

/** The server's clock less this process's, in milliseconds. */
async function clockOffset(db: MongoDatabase, { signal }: CommandsDeadline): Promise<number> {
  const sentAt = Date.now();
  const { localTime } = await db.command({ hello: 1 }, { signal });
  const midpoint = (sentAt + Date.now()) / 2;
  return localTime instanceof Date ? localTime.getTime() - midpoint : 0;
}

/** Throws OptionsError for a value that is no database, such as that of a connection of Mongoose which is not open yet. */
function checkDatabase(db: MongoDatabase): void {
  if (typeof db?.collection === "function" && typeof db.client?.on === "function") return;
  throw new OptionsError({
    option: "db",
    reason: "it is no database of a MongoDB driver",
    remedy:
      "Give it client.db(name); Mongoose has one in connection.db once it is connected (await connection.asPromise()).",
  });
}
