import { existsSync, linkSync, renameSync, rmSync } from "node:fs";
import { OptionsError, StorageError } from "@everdraft/core/adapter";
import { type Database, databaseOn } from "../engine/database.ts";
import type { Engine, EngineConnection } from "../engine/engine.ts";
import { isForReading, isWhole, openConnection } from "../engine/open-connection.ts";
import { checkSqliteVersion } from "../engine/sqlite-version.ts";
import { fileGuard, TakenAway, unchangedGuard } from "./file-guard.ts";
import { useFile } from "./file-users.ts";

/** A file that is open. Everything but `close` is synchronous and throws the engine's errors. */
export interface OpenFile {
  /** The database that reads and writes it. */
  readonly database: Database;
  /** Whether it was opened for reading, as one that nobody changes. */
  readonly forReading: boolean;
  /** Throws OptionsError for a file that keeps texts in another order than that of ids. Changes nothing. */
  look(): void;
  /**
   * Makes it a file that is written to durably and beside other processes, and has it watched from here on. Up to here
   * nothing in it was changed. Throws StorageError where the file system does not allow it.
   */
  claim(): void;
  /**
   * Throws TakenAway, now and always, where the file is not the one any more that was opened. Does not look again where
   * that was done `withinMs` ago.
   */
  check(withinMs?: number): void;
  /** Brings the write-ahead log into the file, where no other connection is in the way, and closes it. */
  close(): Promise<void>;
}

/**
 * Opens the file, which is made where it is missing. One that this process may not write to is opened for reading,
 * where nothing of it waits in a write-ahead log. Throws the engine's errors, StorageOutdatedError, StorageBusyError,
 * StorageError.
 */
export function openFile(engine: Engine, path: string): OpenFile {
  checkSqliteVersion(engine.sqlite);
  if (path === ":memory:") return openInMemory(engine);
  const forReading = isForReading(path) && isWhole(path);
  const { connection, opened, real } = openConnection(engine, path, forReading ? "unchanged" : "write");
  let guard: () => void = () => undefined;
  let claimed = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let taken: TakenAway | undefined;
  let closed: Promise<void> | undefined;
  let end: () => void = () => undefined;

  const isThere = (withinMs = 0): boolean => {
    if (taken !== undefined) return false;
    const now = performance.now();
    if (now - lookedAt < withinMs) return true;
    try {
      guard();
      lookedAt = now;
      return true;
    } catch (error) {
      if (!(error instanceof TakenAway)) throw error;
      taken = error;
      // at once: whoever opens the path anew in this process must not meet the rest of this file
      close().catch(() => undefined);
      return false;
    }
  };
  const check = (withinMs = 0): void => {
    if (!isThere(withinMs) && taken !== undefined) throw taken;
  };
  const committed = (): void => {
    if (!isThere() && taken !== undefined) throw new TakenAway(taken.message, true);
  };
  const database = databaseOn(engine, connection, { begun: check, committed });
  const close = async (): Promise<void> => {
    closed ??= Promise.resolve()
      .then(() => database.close(() => closeConnection(connection, real, forReading || isThere())))
      .finally(end);
    return closed;
  };

  try {
    if (!forReading) end = useFile(path, opened, { real, isThere });
  } catch (error) {
    connection.close();
    throw error;
  }
  return {
    database,
    forReading,
    look: () => refuseOtherTexts(database, path),
    claim: () => {
      if (claimed) return;
      if (!forReading) makeDurable(database, path);
      guard = (forReading ? unchangedGuard : fileGuard)({ path, real }, opened);
      claimed = true;
    },
    check,
    close,
  };
}

function openInMemory(engine: Engine): OpenFile {
  const database = databaseOn(engine, new engine.DatabaseSync(":memory:"));
  const nothing = (): void => undefined;
  return {
    database,
    forReading: false,
    look: nothing,
    claim: nothing,
    check: nothing,
    close: () => database.close(),
  };
}

function refuseOtherTexts(database: Database, path: string): void {
  const encoding = database.prepare<{ encoding: string }>("PRAGMA encoding").get()?.encoding;
  if (encoding === "UTF-8") return;
  throw new OptionsError({
    option: "path",
    reason: `the file ${JSON.stringify(path)} keeps texts as ${encoding}, in another order than that of ids`,
    remedy: "Use another file, or copy it into one with encoding UTF-8.",
  });
}

function makeDurable(database: Database, path: string): void {
  const mode = database.prepare<{ journal_mode: string }>("PRAGMA journal_mode = WAL").get()?.journal_mode;
  if (mode !== "wal") {
    throw new StorageError({
      operation: "open",
      where: JSON.stringify(path),
      reason: `its file system does not take a write-ahead log (journal mode ${mode})`,
      remedy: "Put the file on a local disk.",
    });
  }
  // the log is made by the first reader
  database.prepare("SELECT 1 FROM sqlite_schema").get();
  // an acknowledged event survives a loss of power; macOS needs fullfsync for that, which does nothing elsewhere
  database.execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON");
  // removed bytes are overwritten where that costs no further writes: an erased payload has to be gone from the file
  database.execute("PRAGMA secure_delete = FAST");
}

function closeConnection(connection: EngineConnection, real: string, isThere: boolean): void {
  if (!isThere) {
    closeBesideOthers(connection, `${real}-wal`);
    return;
  }
  try {
    connection.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch {
    // only a courtesy: whoever opens the file next does it
  }
  connection.close();
}

/**
 * Closes a connection whose file was taken away. The engine thinks of itself as the last user, and removes the
 * write-ahead log by its path: that is not ours any more, and may hold all that others wrote since.
 */
function closeBesideOthers(connection: EngineConnection, log: string): void {
  const kept = `${log}.kept-${process.pid}`;
  let isKept = false;
  try {
    linkSync(log, kept);
    isKept = true;
  } catch {
    // there is none, or the file system has no second names
  }
  connection.close();
  if (!isKept) return;
  if (existsSync(log)) rmSync(kept);
  else renameSync(kept, log);
}
