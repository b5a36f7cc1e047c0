import { existsSync } from "node:fs";
import { DatabaseSync } from "@photostructure/sqlite";

/**
 * The collections that a file holds, by name. Looks at it through a connection that cannot write, so that neither a
 * missing file nor one of another program becomes one of this library. Throws the engine's errors.
 */
export function listCollections(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const engine = new DatabaseSync(path, { readOnly: true });
  try {
    const table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'everdraft.collections'";
    if (engine.prepare(table).get() === undefined) return [];
    const found = engine.prepare('SELECT name FROM "everdraft.collections" ORDER BY name').all();
    return (found as { name: string }[]).map(({ name }) => name);
  } finally {
    engine.close();
  }
}
