import { existsSync, statSync } from "node:fs";
import {
  type OptionNames,
  OptionsError,
  onAbort,
  refuseUnknownOptions,
  type Signal,
  StorageError,
} from "@everdraft/core/adapter";
import type { Connection } from "../engine/connection.ts";
import { loadEngine } from "../engine/engine.ts";
import { isForReading, isWhole } from "../engine/open-connection.ts";
import { collectionsIn } from "../list-collections.ts";
import { type CopyProgress, copyBeside, nameIfFree, removeCopy } from "./copy-file.ts";
import { isSameFile, statOf, TakenAway } from "./file-guard.ts";
import { lookAt, openReader } from "./look-at.ts";
import { filePath } from "./storage-path.ts";

/** How a backup is made. */
export interface BackupOptions {
  /** Ends it: it rejects with the signal's reason, and nothing is left of the copy. */
  readonly signal?: Signal;
  /** How long a file that others lock is waited for, in milliseconds. Default 10,000. The copying may take any time. */
  readonly timeoutMs?: number;
  /** Hears how far the copy is, in pages of the file, after every few megabytes. An error thrown here ends the backup. */
  readonly onProgress?: (progress: CopyProgress) => void;
}

/** A backup that was made. */
export interface Backup {
  /** Where it is, as a whole path. */
  readonly path: string;
  /** How large it is. */
  readonly bytes: number;
  /** The collections that it holds, by name. */
  readonly collections: readonly string[];
}

/** Copies the file of a connection, as `SqliteStorage.backup` says. */
export async function backUp(
  connection: Connection,
  wanted: string,
  options: BackupOptions = {},
): Promise<Backup> {
  const path = filePath(wanted);
  if (connection.path === ":memory:") throw refused(`a storage in ":memory:" has no file`);
  if (existsSync(path)) throw taken(path);
  checkOptions(options, "backup");
  const { signal, timeoutMs = 10_000 } = options;
  const made = connection.run("back the file up", { timeoutMs }, async ({ attempt }) => {
    const engine = await loadEngine();
    if (!existsSync(connection.path)) throw missing(connection.path);
    const source = await attempt(() => {
      // so that the files that the reader needs beside it are taken away with the last connection
      connection.database();
      const forReading = isForReading(connection.path) && isWhole(connection.path);
      return openReader(engine, connection.path, forReading ? "unchanged" : "read");
    });
    const mode = Number(source.opened.mode) & 0o777;
    try {
      const copy = await copyBeside(engine, source.connection, path, { ...options, mode });
      try {
        const collections = await lookAt(copy, collectionsIn, attempt);
        await attempt(() => {
          // a copy of a file that was taken away meanwhile is no backup of the file that is there
          connection.check();
          if (!isSameFile(source.opened, statOf(connection.path)))
            throw new TakenAway("the file was replaced while it was copied");
        });
        const bytes = statSync(copy).size;
        if (!nameIfFree(copy, path)) throw taken(path);
        return { path, bytes, collections };
      } finally {
        removeCopy(copy);
      }
    } finally {
      source.connection.close();
      source.end();
    }
  });
  return untilAborted(made, signal);
}

/**
 * The outcome of work, or the signal's reason as soon as it aborts. Some engines copy on until they are done; the work goes
 * on for itself then, and whoever closes the storage waits for it.
 */
export async function untilAborted<R>(work: Promise<R>, signal: Signal | undefined): Promise<R> {
  if (signal === undefined) return work;
  let release: () => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    release = onAbort(signal, () => reject(signal.reason));
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    release();
    work.catch(() => undefined);
  }
}

const names: OptionNames<BackupOptions> = { signal: true, timeoutMs: true, onProgress: true };

/** Throws OptionsError unless the options of a copy are of the documented form. `call` names it in messages. */
export function checkOptions(options: BackupOptions, call: string): void {
  refuseUnknownOptions(options, names, call);
  const { signal, timeoutMs, onProgress } = options;
  // of whichever realm it is
  refuseUnless(
    signal === undefined || typeof signal.throwIfAborted === "function",
    "signal",
    "it is an AbortSignal",
  );
  const isTime = timeoutMs === undefined || (typeof timeoutMs === "number" && timeoutMs > 0);
  refuseUnless(isTime, "timeoutMs", "it is a number of milliseconds above 0");
  refuseUnless(
    onProgress === undefined || typeof onProgress === "function",
    "onProgress",
    "it is a function",
  );
}

function refuseUnless(holds: boolean, option: string, reason: string): void {
  if (!holds) throw new OptionsError({ option, reason });
}

function taken(path: string): OptionsError {
  return refused(`there is something at ${JSON.stringify(path)} already`);
}

function refused(reason: string): OptionsError {
  return new OptionsError({
    option: "path",
    reason: `no backup can be made: ${reason}`,
    remedy: "Give the path of a new file, of a storage in a file.",
  });
}

function missing(path: string): StorageError {
  return new StorageError({
    operation: "back the file up",
    where: `at ${JSON.stringify(path)}`,
    reason: "there is no such file yet",
    remedy: "Open a collection first, which makes it.",
  });
}
