import { existsSync } from "node:fs";
import type { Connection, Steps } from "./engine/connection.ts";
import type { Database } from "./engine/database.ts";
import { lookAt } from "./file/look-at.ts";

/**
 * The collections that a file holds, by name. Where it is not open it is looked at through a connection that cannot
 * write, so that neither a missing file nor one of another program becomes one of this library, and nothing is left
 * beside it. Throws the library's errors.
 */
export async function listCollections(
  connection: Connection,
  { attempt }: Steps,
): Promise<readonly string[]> {
  const { path } = connection;
  if (connection.isOpen()) return attempt(() => collectionsIn(connection.database()));
  if (!existsSync(path)) return [];
  return lookAt(path, collectionsIn, attempt);
}

/** The collections in an open file, by name. */
export function collectionsIn(database: Database): readonly string[] {
  const table =
    "SELECT 1 AS found FROM sqlite_schema WHERE type = 'table' AND name = 'everdraft.collections'";
  if (database.prepare<{ found: number }>(table).get() === undefined) return [];
  const all = 'SELECT name FROM "everdraft.collections" ORDER BY name';
  return database
    .prepare<{ name: string }>(all)
    .all()
    .map(({ name }) => name);
}
