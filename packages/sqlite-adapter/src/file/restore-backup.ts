import { existsSync, linkSync, renameSync, rmSync, statSync } from "node:fs";
import { OptionsError, StorageBusyError, StorageCorruptError } from "@everdraft/core/adapter";
import { connect } from "../engine/connection.ts";
import { type Engine, loadEngine } from "../engine/engine.ts";
import { openConnection, readingMode } from "../engine/open-connection.ts";
import { translateError } from "../errors/translate-error.ts";
import { collectionsIn } from "../list-collections.ts";
import { type Backup, type BackupOptions, checkOptions, untilAborted } from "./backup.ts";
import { copyBeside, removeCopy, syncFolder } from "./copy-file.ts";
import { isSameFile, statOf } from "./file-guard.ts";
import { useFile } from "./file-users.ts";
import { lookAt, openReader } from "./look-at.ts";
import { filePath } from "./storage-path.ts";

/** A backup that was put back. */
export interface Restored extends Backup {
  /** The new name of the file that was there; undefined where there was none. */
  readonly kept?: string;
}

/**
 * Puts a backup into the place of a SQLite file that nobody has open: all collections are then as they were when it was
 * made. The backup stays. The file that was there is kept under another name, which is given back: delete it when you are
 * sure. The backup is copied beside the file first and looked at, so whenever this is ended, the path holds either the
 * old file or the whole backup.
 *
 * Stop every process that uses the file before, and start them after: stores remember documents of the file that they had
 * open. Where one has it open this is refused; one that opens it in the same moment stops with StorageReplacedError.
 * Of a damaged file it cannot be told whether somebody has it open.
 *
 * It costs reading and writing the backup once. Errors: StorageBusyError (somebody has the file open), StorageCorruptError
 * (the backup is damaged or none), OptionsError (no backup there, or it holds no collection), StorageFullError,
 * StorageReadOnlyError, StorageError. A retry is safe.
 *
 * @param backup a file that `backup` made, or any closed file of a storage
 * @param path the file to put it to, there or not
 *
 * @example
 * const { kept } = await restoreBackup("/backups/orders-2026-03-01.db", "./orders.db");
 */
export async function restoreBackup(
  backup: string,
  path: string,
  options: BackupOptions = {},
): Promise<Restored> {
  const [from, to] = [filePath(backup), filePath(path)];
  checkOptions(options, "restoreBackup");
  if (!existsSync(from)) throw refused(`there is no file ${JSON.stringify(from)}`);
  if (isSameFile(statOf(from), statOf(to))) throw refused("it is the file that it is to replace");
  const { signal, timeoutMs = 10_000 } = options;
  const source = connect(from);
  const restored = source.run("restore the backup", { timeoutMs }, async ({ attempt }) => {
    const engine = await loadEngine();
    const collections = await lookAt(from, collectionsIn, attempt);
    if (collections.length === 0) throw refused("it holds no collection of this library");
    const reader = await attempt(() => openReader(engine, from, readingMode(from)));
    try {
      const mode = Number((statOf(to) ?? reader.opened).mode) & 0o777;
      const copy = await copyBeside(engine, reader.connection, to, { ...options, mode });
      try {
        await lookAt(copy, collectionsIn, attempt);
        signal?.throwIfAborted();
        const kept = await attempt(() => replaceBy(engine, copy, to));
        return { path: to, bytes: statSync(to).size, collections, ...(kept !== undefined && { kept }) };
      } finally {
        removeCopy(copy);
      }
    } finally {
      reader.connection.close();
      reader.end();
    }
  });
  return untilAborted(restored, signal);
}

/**
 * Puts a copy into the place of a file, where nobody has that open. Gives the name under which it is kept. Throws
 * StorageBusyError.
 */
function replaceBy(engine: Engine, copy: string, path: string): string | undefined {
  const kept = `${path}.before-${new Date().toISOString().replaceAll(/[-:]/g, "").slice(0, 15)}`;
  if (!existsSync(path)) {
    // left alone, it would be taken for the log of the new file
    keepRest(path, kept);
    renameSync(copy, path);
    syncFolder(path);
    return undefined;
  }
  const end = openAlone(engine, path);
  try {
    keepRest(path, kept);
    keep(path, kept);
    renameSync(copy, path);
    syncFolder(path);
    return kept;
  } finally {
    end();
  }
}

/**
 * Keeps everybody else from the file, with nothing of it left in its log, until the function that it gives is called. A
 * file that is too damaged for that is left as it is. Throws StorageBusyError.
 */
function openAlone(engine: Engine, path: string): () => void {
  const { connection, opened, real } = openConnection(engine, path, "write");
  let end: () => void = () => undefined;
  const close = (): void => {
    connection.close();
    end();
  };
  try {
    end = useFile(path, opened, { real, isThere: () => true });
    // only the last user of a file can do this
    connection.exec("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
    return close;
  } catch (thrown) {
    close();
    const error = translateError(thrown, { operation: "restore the backup", path });
    if (error instanceof StorageCorruptError) return () => undefined;
    if (!(error instanceof StorageBusyError)) throw error;
    throw new StorageBusyError(
      {
        operation: "restore the backup",
        where: `to ${JSON.stringify(path)}`,
        reason: "that file is open somewhere",
        remedy: "End the processes that use it, then try again.",
      },
      { cause: thrown },
    );
  }
}

/** Gives a file a second name, so that the first one can be replaced at once. */
function keep(path: string, kept: string): void {
  try {
    linkSync(path, kept);
  } catch {
    // no second names on this file system: for a moment there is none at the path
    renameSync(path, kept);
  }
}

/** Moves the files beside a file that belong to it along with it. */
function keepRest(path: string, kept: string): void {
  for (const ending of ["-wal", "-journal"])
    if (existsSync(path + ending)) renameSync(path + ending, kept + ending);
  rmSync(`${path}-shm`, { force: true });
}

function refused(reason: string): OptionsError {
  return new OptionsError({
    option: "backup",
    reason: `it cannot be restored: ${reason}`,
    remedy: "Give the path of a backup.",
  });
}
