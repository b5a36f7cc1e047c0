import { OptionsError } from "@everdraft/core/adapter";
import type { Database } from "./engine/database.ts";
import { type Schema, schema, tableNames } from "./tables.ts";

/** Throws OptionsError for a name that SQLite does not take, whatever the file holds. */
export function checkName(collection: string): void {
  const fault = faultOf(collection);
  if (fault !== undefined) throw refused(collection, fault);
}

/**
 * Throws OptionsError for a name that SQLite cannot tell from one that the file holds. Changes nothing. In a file
 * without any table of the library the tables are those of another program.
 */
export function checkCollection(database: Database, collection: string): void {
  const own = "SELECT 1 AS found FROM sqlite_schema WHERE type = 'table' AND name = 'everdraft.collections'";
  if (database.prepare<{ found: number }>(own).get() !== undefined && isRegistered(database, collection))
    return;
  refuseTaken(database, collection);
}

/** Makes the tables of a collection where the file does not have it yet. Throws as `checkCollection` does. */
export function prepareCollection(database: Database, collection: string, wanted: Schema = schema): void {
  if (isRegistered(database, collection)) return;
  database.transaction(() => {
    // another process may have done it meanwhile
    if (isRegistered(database, collection)) return;
    refuseTaken(database, collection);
    for (const statement of wanted.collection(tableNames(collection))) database.execute(statement);
    database.prepare('INSERT INTO "everdraft.collections" (name) VALUES (?)').run(collection);
  });
}

/** The fault of a name whatever the file holds, or undefined. */
function faultOf(collection: string): string | undefined {
  if (collection === "") return "it is empty";
  if (collection.includes("\0")) return "it holds a NUL character";
  if (/\p{Surrogate}/u.test(collection)) return "it holds half of a surrogate pair";
  if (/^sqlite_/i.test(collection)) return 'SQLite keeps names that begin with "sqlite_" to itself';
  return undefined;
}

function isRegistered(database: Database, collection: string): boolean {
  const registered = 'SELECT name FROM "everdraft.collections" WHERE name = ?';
  const found = database.prepare<{ name: string }>(registered).get(collection)?.name;
  if (found === undefined || found === collection) return found === collection;
  throw refused(
    collection,
    `the file holds the collection ${JSON.stringify(found)}, and SQLite does not tell case`,
  );
}

/**
 * Tables and indexes of one file share their names, so those of another collection or program can be in the
 * way.
 */
function refuseTaken(database: Database, collection: string): void {
  const same = "SELECT name FROM sqlite_schema WHERE name = ? COLLATE NOCASE";
  for (const name of Object.values(tableNames(collection))) {
    const found = database.prepare<{ name: string }>(same).get(name)?.name;
    if (found !== undefined)
      throw refused(collection, `the file holds a table ${JSON.stringify(found)} that is not its own`);
  }
}

function refused(collection: string, reason: string): OptionsError {
  return new OptionsError({
    option: "collection",
    reason: `${JSON.stringify(collection)} cannot be kept in SQLite: ${reason}`,
    remedy: "Give the collection another name, or use another file.",
  });
}
