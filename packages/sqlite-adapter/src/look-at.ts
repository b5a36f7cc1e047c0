import type { Steps } from "./connection.ts";
import { type Database, databaseOn } from "./database.ts";
import { type Engine, loadEngine } from "./engine.ts";
import { useFile } from "./file-users.ts";
import { isWhole, openConnection } from "./open-connection.ts";

/**
 * Reads something of a file through a connection of its own, which cannot write and leaves nothing beside the file.
 * Throws the library's errors, and the engine's where the file does not become free in time.
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
      const { database, close } = openToLook(engine, path);
      try {
        return look(database);
      } finally {
        closings.push(close());
      }
    });
  } finally {
    await Promise.all(closings);
  }
}

function openToLook(engine: Engine, path: string): Pick<Database, "close"> & { readonly database: Database } {
  const mode = isWhole(path) ? "unchanged" : "read";
  const { connection, opened, real } = openConnection(engine, path, mode);
  const database = databaseOn(engine, connection);
  try {
    const end = mode === "read" ? useFile(path, opened, { real, isThere: () => true }) : () => undefined;
    return { database, close: () => database.close().finally(end) };
  } catch (error) {
    connection.close();
    throw error;
  }
}
