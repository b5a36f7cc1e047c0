import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { OptionsError, StorageError } from "@everdraft/core/adapter";
import { DatabaseSync } from "@photostructure/sqlite";
import { checkSqliteVersion } from "./sqlite-version.ts";

/**
 * What may be bound: Date and undefined would become NULL without a word, and booleans can abort the process.
 */
export type Bound = string | number | null | Uint8Array;

/** A prepared statement. The columns that it selects are those of `Row`. */
interface Statement<Row> {
  /** All rows. */
  all(...values: readonly Bound[]): readonly Row[];
  /** The first row. */
  get(...values: readonly Bound[]): Row | undefined;
  /** How many rows it changed. */
  run(...values: readonly Bound[]): number;
}

/** An open file. Everything is synchronous and throws the engine's errors. */
export interface Database {
  /**
   * Prepares a statement, once for each text: the engine frees statements late, so making them anew would
   * fill the memory.
   */
  prepare<Row = never>(sql: string): Statement<Row>;
  /** Runs statements that give nothing back. */
  execute(sql: string): void;
  /**
   * Runs the work in a transaction that writes: all of it or, where anything throws, nothing. All writes go
   * through it, since it takes the lock first and so fails for lack of it before anything was read.
   */
  transaction<R>(work: () => R): R;
  /** Brings the write-ahead log into the file, where no other connection is in the way, and closes it. */
  close(): void;
}

type Engine = InstanceType<typeof DatabaseSync>;

/** How long the engine itself waits for a lock. Short, since the event loop stands still meanwhile. */
const busyMs = 20;

/**
 * Opens the file, which is made where it is missing. Throws the engine's errors, StorageOutdatedError,
 * StorageError, OptionsError.
 */
export function openDatabase(path: string): Database {
  if (path === "" || path.includes("\0")) {
    const reason = path === "" ? "it is empty" : "it holds a NUL character";
    const message = `This is no path of a SQLite file: ${reason}. Give a path, or ":memory:" for a trial.`;
    throw new OptionsError(message, { option: "path", reason });
  }
  const engine = openEngine(path);
  try {
    const database = onEngine(engine);
    checkSqliteVersion(
      database.prepare<{ version: string }>("SELECT sqlite_version() AS version").get()?.version ?? "",
    );
    useWal(database, path);
    // an acknowledged event survives a loss of power; fullfsync is what that takes on macOS, and nothing
    // elsewhere
    database.execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON");
    return database;
  } catch (error) {
    engine.close();
    throw error;
  }
}

function openEngine(path: string): Engine {
  try {
    return new DatabaseSync(path, { timeout: busyMs });
  } catch (cause) {
    const folder = dirname(path);
    if (existsSync(folder)) throw cause;
    const message = `Could not open ${JSON.stringify(path)}: the folder ${JSON.stringify(folder)} does not exist. Make it first.`;
    throw new StorageError(message, { operation: "open" }, { cause });
  }
}

function useWal(database: Database, path: string): void {
  const mode = database.prepare<{ journal_mode: string }>("PRAGMA journal_mode = WAL").get()?.journal_mode;
  if (mode === "wal" || mode === "memory") return;
  const message = `Could not open ${JSON.stringify(path)}: its file system does not take a write-ahead log (journal mode ${mode}). Put the file on a local disk.`;
  throw new StorageError(message, { operation: "open" });
}

function onEngine(engine: Engine): Database {
  const statements = new Map<string, ReturnType<Engine["prepare"]>>();
  const database: Database = {
    prepare: (sql) => {
      const prepared = statements.get(sql) ?? engine.prepare(sql);
      statements.set(sql, prepared);
      return {
        all: (...values) => prepared.all(...values),
        get: (...values) => prepared.get(...values),
        run: (...values) => prepared.run(...values).changes,
      };
    },
    execute: (sql) => engine.exec(sql),
    transaction: (work) => {
      // left over where taking a transaction back failed
      if (engine.isTransaction) engine.exec("ROLLBACK");
      engine.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        engine.exec("COMMIT");
        return result;
      } catch (error) {
        rollBack(engine);
        throw error;
      }
    },
    close: () => {
      statements.clear();
      try {
        engine.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      } catch {
        // only a courtesy: whoever opens the file next does it
      }
      engine.close();
    },
  };
  return database;
}

/** Some errors (a full disk) have ended the transaction already. */
function rollBack(engine: Engine): void {
  try {
    if (engine.isTransaction) engine.exec("ROLLBACK");
  } catch {
    // the first error is the one to tell; the next transaction tries this again
  }
}
