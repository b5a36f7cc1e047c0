import { accessSync, type BigIntStats, constants, existsSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { StorageBusyError, StorageError } from "@everdraft/core/adapter";
import { isSameFile, statOf } from "../file/file-guard.ts";
import type { Engine, EngineConnection } from "./engine.ts";

/** A connection to a file, and the file. */
export interface FileConnection {
  readonly connection: EngineConnection;
  /** The file that it is a connection to. */
  readonly opened: BigIntStats;
  /** Its path without symbolic links. */
  readonly real: string;
}

/** How long the engine itself waits for a lock, in milliseconds: never, since the event loop would stand still meanwhile. */
const busyMs = 0;

/**
 * How a file is opened: to be written to, and made where it is missing; to be read beside others who may write to it;
 * or as one that nobody writes to meanwhile, without locks, and without the files that SQLite would make beside it.
 */
export type OpenMode = "write" | "read" | "unchanged";

/**
 * Opens a connection to the file; nothing is read yet. Throws the engine's errors, StorageError, and StorageBusyError
 * where the file was replaced in the same moment.
 */
export function openConnection(engine: Engine, path: string, mode: OpenMode): FileConnection {
  const before = statOf(path);
  const connection = connectionOf(engine, path, mode);
  const opened = statOf(path);
  if (opened !== undefined && (before === undefined || isSameFile(before, opened)))
    return { connection, opened, real: realpathSync(path) };
  connection.close();
  throw new StorageBusyError({
    operation: "open",
    where: JSON.stringify(path),
    reason: "the file was replaced meanwhile",
    remedy: "Try again.",
  });
}

function connectionOf(engine: Engine, path: string, mode: OpenMode): EngineConnection {
  try {
    if (mode === "unchanged")
      return new engine.DatabaseSync(`${pathToFileURL(path).href}?immutable=1`, { readOnly: true });
    return new engine.DatabaseSync(path, { timeout: busyMs, readOnly: mode === "read" });
  } catch (cause) {
    const folder = dirname(path);
    if (existsSync(folder)) throw cause;
    const reason = `the folder ${JSON.stringify(folder)} does not exist`;
    const where = JSON.stringify(path);
    throw new StorageError({ operation: "open", where, reason, remedy: "Make it first." }, { cause });
  }
}

/**
 * How a file is opened by whoever only reads it. Where there is no write-ahead log nobody has it open, and reading beside
 * others would leave one behind.
 */
export function readingMode(path: string): "read" | "unchanged" {
  const isLeft = !existsSync(`${path}-wal`) && !existsSync(`${path}-journal`);
  return isLeft || (isForReading(path) && isWhole(path)) ? "unchanged" : "read";
}

/** Whether nothing is in the write-ahead log of a file, or waits to be rolled back, so that the file alone holds all. */
export function isWhole(path: string): boolean {
  return (statOf(`${path}-wal`)?.size ?? 0n) === 0n && !existsSync(`${path}-journal`);
}

/** Whether this process may not write to a file that is there, or not make the files that SQLite needs beside it. */
export function isForReading(path: string): boolean {
  if (!existsSync(path)) return false;
  const real = realpathSync(path);
  return !(isWritable(real) && isWritable(dirname(real)));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
