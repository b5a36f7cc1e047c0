import { collectionOptions, writeConcern } from "./concerns.ts";
import type { Connection } from "./connection.ts";
import type { CommandsDeadline } from "./deadline.ts";
import type { BulkOperation, Document, MongoConnection } from "./driver.ts";

/** Whether a server takes the command `bulkWrite`, which writes to several collections. */
export interface BulkCommand {
  /** Whether it may be asked for it, as far as is known. */
  isTaken(): boolean;
  /** Notes that it refused it: nobody in this process asks it again. */
  giveUp(): void;
}

/** The wire version of MongoDB 8.0, the first that has the command. */
const firstWithIt = 25;

/** The clients whose servers refused it. */
const refusing = new WeakSet<MongoConnection>();

/**
 * Asks the server whether it has the command. mongos is not asked for it: it may have each collection on another shard, where
 * the write of one can be rolled back without that of the other.
 */
export async function bulkCommandOf({ db }: Connection, deadline: CommandsDeadline): Promise<BulkCommand> {
  const hello = await db.command({ hello: 1 }, { signal: deadline.signal, readPreference: "primary" });
  const hasIt = Number(hello.maxWireVersion) >= firstWithIt && hello.msg !== "isdbgrid";
  return {
    isTaken: () => hasIt && !refusing.has(db.client),
    giveUp: () => void refusing.add(db.client),
  };
}

/** An operation as the command has it. */
export function commandOperation(operation: BulkOperation, namespace: number): Document | undefined {
  if ("insertOne" in operation) return { insert: namespace, document: operation.insertOne.document };
  if (!("updateOne" in operation)) return undefined;
  const { filter, update, upsert = false } = operation.updateOne;
  return { update: namespace, filter, updateMods: update, upsert };
}

/** Sends writes in order, durably; the first that fails is the last that is tried. */
export async function sendBulkCommand(
  { db }: Connection,
  namespaces: readonly string[],
  operations: readonly Document[],
  deadline: CommandsDeadline,
): Promise<Document> {
  const left = deadline.left();
  const command = {
    bulkWrite: 1,
    ops: operations,
    nsInfo: namespaces.map((ns) => ({ ns })),
    ordered: true,
    // as the server spells it: the driver hands the command on as it is
    writeConcern: { w: writeConcern.w, j: writeConcern.journal, wtimeout: left },
    maxTimeMS: left,
  };
  return db.client.db("admin").command(command, collectionOptions);
}
