import { randomUUID } from "node:crypto";
import { OptionsError } from "@everdraft/core/adapter";
import { hasLabel } from "../errors/driver-errors.ts";
import { type CollectionOf, collectionOf } from "./collection-of.ts";
import { durably, readConcern, writeConcern } from "./concerns.ts";
import type { Connection } from "./connection.ts";
import type { CommandsDeadline } from "./deadline.ts";
import type { MongoConnection } from "./driver.ts";
import { checkpointsName } from "./names.ts";

/** The abilities that a server has shown, whatever it says of itself. */
export interface ProvenServer {
  /** Whether it takes transactions back. */
  readonly transactions: boolean;
  /** Whether of several changes to one document that ask for the same state of it just one is carried out. */
  readonly atomicUpdates: boolean;
}

/** A document that is written as a trial. */
interface Probe {
  readonly _id: string;
  readonly n?: number;
}

/** Tries both. Where the client's user may not write, transactions are not proven and updates not doubted. */
export async function proveServer(
  connection: Connection,
  isReplicated: boolean,
  deadline: CommandsDeadline,
): Promise<ProvenServer> {
  const [transactions, atomicUpdates] = await Promise.all([
    isReplicated &&
      (await proveTransactions(connection, deadline).then(
        () => true,
        () => false,
      )),
    raceUpdates(connection, deadline).catch(() => true),
  ]);
  return { transactions, atomicUpdates };
}

/**
 * Tries a transaction and takes it back. The server's own word is no proof: a server without transactions may say yes to
 * all of it. Throws OptionsError where it is not taken back.
 */
export async function proveTransactions({ db }: Connection, deadline: CommandsDeadline): Promise<void> {
  const probes = collectionOf<Probe>(db, checkpointsName);
  const hello = await db.command({ hello: 1 }, { signal: deadline.signal, readPreference: "primary" });
  if (typeof hello.setName !== "string" && hello.msg !== "isdbgrid") {
    throw refused("this server is neither a member of a replica set nor mongos");
  }
  const _id = `probe-${randomUUID()}`;
  while (!(await takeBack(db.client, probes, _id))) {
    if (deadline.over()) throw refused("the server was too busy for one");
  }
  const left = await probes.findOneAndDelete({ _id }, durably(deadline));
  if (left !== null) throw refused("the server did not take back a transaction");
}

/** Inserts in a transaction and takes it back; false where another was in the way. */
async function takeBack(client: MongoConnection, probes: CollectionOf<Probe>, _id: string): Promise<boolean> {
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
  const remedy =
    "Use a replica set (one member is enough), or leave atomicViews out: events are safe without, and views that a crash left behind are brought forward.";
  return new OptionsError(
    { option: "atomicViews", reason: `it needs transactions, and ${reason}`, remedy },
    { cause },
  );
}

const racers = 4;

/** Lets several changes race for one state of a document. Whether at most one of them met it. */
async function raceUpdates({ db }: Connection, deadline: CommandsDeadline): Promise<boolean> {
  const probes = collectionOf<Probe>(db, checkpointsName);
  const _id = `probe-${randomUUID()}`;
  await probes.insertOne({ _id, n: 0 }, durably(deadline));
  try {
    const races = Array.from({ length: racers }, (_, i) =>
      probes.updateOne({ _id, n: 0 }, { $set: { n: i + 1 } }, durably(deadline)),
    );
    const met = await Promise.all(races);
    return met.reduce((sum, { matchedCount }) => sum + matchedCount, 0) <= 1;
  } finally {
    await probes.deleteOne({ _id }, durably(deadline));
  }
}
