import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Signal } from "@everdraft/core/adapter";
import type { Engine, EngineConnection } from "../engine/engine.ts";
import { translateError } from "../errors/translate-error.ts";

/** How far a copy is, in pages of the file. */
export interface CopyProgress {
  readonly done: number;
  readonly total: number;
}

/** How a copy is watched and ended. */
export interface CopyOptions {
  /** Ends it: the unfinished copy is removed. */
  readonly signal?: Signal;
  /** Hears how far it is, after every few megabytes. An error that it throws ends the copy. */
  readonly onProgress?: (progress: CopyProgress) => void;
}

/** How many pages are copied in one piece: 4 MB, some milliseconds. */
const rate = 1_000;

/**
 * Copies all that the connection sees now into a new file beside `wanted`, off the event loop; whoever writes meanwhile
 * writes on, and none of it is in the copy. The connection is of no other use until then. Gives the path of the copy, which
 * is durable. Throws the library's errors, the signal's reason, and errors of `onProgress`; then no copy is left.
 */
export async function copyBeside(
  engine: Engine,
  connection: EngineConnection,
  wanted: string,
  { signal, onProgress, mode }: CopyOptions & { readonly mode: number },
): Promise<string> {
  const copy = `${wanted}.part-${randomBytes(4).toString("hex")}`;
  const ended: { by?: unknown } = {};
  try {
    signal?.throwIfAborted();
    // as readable as the original from the beginning on
    closeSync(openSync(copy, "wx", mode | 0o600));
    // one state for all pieces: without it, whoever writes meanwhile would have the copy begun anew each time
    connection.exec("BEGIN; SELECT 1 FROM sqlite_schema");
    await engine.backup(connection, copy, {
      rate,
      progress: ({ totalPages, remainingPages }) => {
        try {
          signal?.throwIfAborted();
          onProgress?.({ done: totalPages - remainingPages, total: totalPages });
        } catch (error) {
          ended.by ??= error;
          throw error;
        }
      },
    });
    signal?.throwIfAborted();
    if (ended.by !== undefined) throw ended.by;
    return copy;
  } catch (error) {
    removeCopy(copy);
    signal?.throwIfAborted();
    if (ended.by !== undefined) throw ended.by;
    throw translateError(error, { operation: "copy the file", path: wanted });
  }
}

/** Removes a copy that is of no use. */
export function removeCopy(copy: string): void {
  for (const ending of ["", "-journal", "-wal", "-shm"]) rmSync(copy + ending, { force: true });
}

/**
 * Gives a copy the name that was wanted, unless something has that name. False where something has it; then the copy stays
 * as it is.
 */
export function nameIfFree(copy: string, wanted: string): boolean {
  try {
    linkSync(copy, wanted);
    rmSync(copy);
  } catch {
    // it is taken, or the file system has no second names
    if (existsSync(wanted)) return false;
    renameSync(copy, wanted);
  }
  syncFolder(wanted);
  return true;
}

/** Makes the names of a folder durable, where the system can. */
export function syncFolder(path: string): void {
  try {
    const folder = openSync(dirname(path), "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // on Windows a folder cannot be opened; there names are durable by themselves
  }
}
