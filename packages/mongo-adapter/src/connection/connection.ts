import { type Call, ClosedError } from "@everdraft/core/adapter";
import type { BsonClasses } from "../bson/bson-classes.ts";
import { type MongoIds, mongoIds } from "../bson/id-kinds.ts";
import { translateError } from "../errors/translate-error.ts";
import { watchClient } from "./client-changes.ts";
import { type CommandsDeadline, withinTime } from "./deadline.ts";
import type { MongoDatabase } from "./driver.ts";
import { reconnecting } from "./reconnect.ts";

/** The use of the user's client. */
export interface Connection {
  readonly db: MongoDatabase;
  /** The classes of the driver that the client is of. */
  readonly bson: BsonClasses;
  /** The ids that documents may have there. */
  readonly ids: MongoIds;
  /**
   * Runs the commands of one call: within its time, with errors translated. Throws ClosedError after `close`.
   */
  run<R>(operation: string, call: Call, work: (deadline: CommandsDeadline) => Promise<R>): Promise<R>;
  /** How often the way to the server was lost or found anew, as far as this process noticed. */
  changes(): number;
  /** Notes that a command failed in a way that may mean another server afterwards. */
  noteChange(): void;
  /** Waits for the calls in flight and ends the use. The client stays as it is. */
  close(): Promise<void>;
}

/** Begins to use a database of a client that its owner closes. */
export function connect(db: MongoDatabase, bson: BsonClasses): Connection {
  const { client } = db;
  const flying = new Set<Promise<unknown>>();
  let closing: Promise<unknown> | undefined;
  const changes = watchClient(client);

  const attempt = async <R>(
    operation: string,
    call: Call,
    work: (deadline: CommandsDeadline) => Promise<R>,
  ): Promise<R> => {
    call.signal?.throwIfAborted();
    try {
      return await withinTime(operation, call, (deadline) =>
        reconnecting(client, deadline, () => work(deadline)),
      );
    } catch (error) {
      // an aborted read ends with the reason of its signal
      if (call.signal?.aborted === true) throw call.signal.reason;
      throw translateError(error, { operation, database: db.databaseName, timeoutMs: call.timeoutMs });
    }
  };

  return {
    db,
    bson,
    ids: mongoIds(bson),
    noteChange: changes.note,
    changes: changes.count,
    run: async (operation, call, work) => {
      if (closing !== undefined) {
        const remedy = "Make a new one; the client may be used again.";
        throw new ClosedError({ what: "storage", name: "MongoDB storage", remedy });
      }
      const running = attempt(operation, call, work);
      flying.add(running);
      try {
        return await running;
      } finally {
        flying.delete(running);
      }
    },
    close: async () => {
      if (closing === undefined) changes.leave();
      closing ??= Promise.allSettled([...flying]);
      await closing;
    },
  };
}
