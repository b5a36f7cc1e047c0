import type { Steps } from "../engine/connection.ts";
import { type Database, databaseOn } from "../engine/database.ts";
import { type Engine, loadEngine } from "../engine/engine.ts";
import { type FileConnection, openConnection, readingMode } from "../engine/open-connection.ts";
import { useFile } from "./file-users.ts";

/**
 * Reads something of a file through a connection of its own, which cannot write and leaves nothing beside the file.
 * Throws the library's errors.
 */
export async function lookAt<R>(
  path: string,
  look: (database: Database) => R,
  attempt: Steps["attempt"],
): Promise<R> {
  const engine = await loadEngine();
  const closings: Promise<void>[] = [];
  try {
    return await attempt(() => {
      const { connection, end } = openReader(engine, path, readingMode(path));
      const database = databaseOn(engine, connection);
      try {
        return look(database);
      } finally {
        closings.push(database.close().finally(end));
      }
    });
  } finally {
    await Promise.all(closings);
  }
}

/** A connection that cannot write. */
export interface Reader extends FileConnection {
  /** Once it is closed: nobody else has to mind it any more. */
  readonly end: () => void;
}

/** Opens a connection that cannot write. Throws the engine's errors, StorageError, StorageBusyError. */
export function openReader(engine: Engine, path: string, mode: "read" | "unchanged"): Reader {
  const opened = openConnection(engine, path, mode);
  if (mode === "unchanged") return { ...opened, end: () => undefined };
  try {
    return { ...opened, end: useFile(path, opened.opened, { real: opened.real, isThere: () => true }) };
  } catch (error) {
    opened.connection.close();
    throw error;
  }
}
