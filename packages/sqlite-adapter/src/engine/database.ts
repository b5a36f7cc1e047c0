import { garbageCollected } from "./collect-garbage.ts";
import type { Bound, Engine, EngineConnection, EngineStatement } from "./engine.ts";

/** A prepared statement. The columns that it selects are those of `Row`. */
interface Statement<Row> {
  /** All rows. */
  all(...values: readonly Bound[]): readonly Row[];
  /** The rows as they come. Until the loop over them ends, the statement is used for nothing else. */
  each(...values: readonly Bound[]): Iterable<Row>;
  /** The first row. */
  get(...values: readonly Bound[]): Row | undefined;
  /** How many rows it changed. */
  run(...values: readonly Bound[]): number;
}

/** An open file. Everything but `close` is synchronous and throws the engine's errors. */
export interface Database {
  /** The engine, for people: "SQLite 3.53.0 (node:sqlite)". */
  readonly engine: string;
  /**
   * Prepares a statement, once for each text: engines free them late, so making them anew would fill the memory.
   */
  prepare<Row = never>(sql: string): Statement<Row>;
  /** Runs statements that give nothing back. */
  execute(sql: string): void;
  /**
   * Runs the work in a transaction that writes: all of it or, where anything throws, nothing. All writes go
   * through it, since it takes the lock first and so fails for lack of it before anything was read.
   */
  transaction<R>(work: () => R): R;
  /** Runs reads that see the file as it is at one moment, whatever other processes store meanwhile. */
  reading<R>(work: () => R): R;
  /** Frees the statements, then closes the file, by `closing` where it is given. */
  close(closing?: () => void): Promise<void>;
}

/** The calls around each transaction. */
export interface Around {
  /** Once it has its lock: an error thrown here takes the transaction back. */
  readonly begun: () => void;
  /** Once it is stored: an error thrown here is thrown all the same. */
  readonly committed: () => void;
}

const nothing: Around = { begun: () => undefined, committed: () => undefined };

/** A database on a connection. */
export function databaseOn(engine: Engine, connection: EngineConnection, around: Around = nothing): Database {
  const statements = new Map<string, EngineStatement>();
  // looked up each time: whoever still holds a Statement after the closing must not keep the engine's alive
  const statement = (sql: string): EngineStatement => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const prepared = connection.prepare(sql);
    statements.set(sql, prepared);
    return prepared;
  };
  return {
    engine: `SQLite ${engine.sqlite} (${engine.name})`,
    prepare: <Row>(sql: string): Statement<Row> => {
      statement(sql);
      return {
        // the columns are those that the text selects
        all: (...values) => statement(sql).all(...values) as readonly Row[],
        each: (...values) => statement(sql).iterate(...values) as Iterable<Row>,
        get: (...values) => statement(sql).get(...values) as Row | undefined,
        run: (...values) => Number(statement(sql).run(...values).changes),
      };
    },
    execute: (sql) => connection.exec(sql),
    transaction: (work) => {
      // left over where taking a transaction back failed
      if (connection.isTransaction) connection.exec("ROLLBACK");
      statement("BEGIN IMMEDIATE").run();
      let result: ReturnType<typeof work>;
      try {
        around.begun();
        result = work();
        statement("COMMIT").run();
      } catch (error) {
        rollBack(connection);
        throw error;
      }
      around.committed();
      return result;
    },
    reading: (work) => {
      if (connection.isTransaction) connection.exec("ROLLBACK");
      connection.exec("BEGIN");
      try {
        return work();
      } finally {
        rollBack(connection);
      }
    },
    close: async (closing = () => connection.close()) => {
      statements.clear();
      if (!engine.freesStatements) await garbageCollected();
      closing();
    },
  };
}

/** Some errors (a full disk) have ended the transaction already. */
function rollBack(connection: EngineConnection): void {
  try {
    if (connection.isTransaction) connection.exec("ROLLBACK");
  } catch {
    // the first error is the one to tell; the next transaction tries this again
  }
}
