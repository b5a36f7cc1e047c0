import { FormatTooNewError } from "@everdraft/core/adapter";
import type { Database } from "../engine/database.ts";
import { type Schema, schema, tableNames } from "../tables.ts";

/**
 * Makes the library's own tables in a new file and brings those of an older version of the library to this
 * one, in one transaction. A file that is as it should be is only read. Throws FormatTooNewError for the file
 * of a newer version.
 */
export function prepareFile(database: Database, path: string, wanted: Schema = schema): void {
  if (checkedVersion(database, path, wanted) === wanted.version) return;
  database.transaction(() => {
    // another process may have done it meanwhile
    const found = checkedVersion(database, path, wanted);
    if (found === 0) {
      for (const statement of wanted.file) database.execute(statement);
    } else {
      for (const statement of upgradeStatements(database, found, wanted)) database.execute(statement);
    }
    database.execute('DELETE FROM "everdraft.schema"');
    database.prepare('INSERT INTO "everdraft.schema" (version) VALUES (?)').run(wanted.version);
  });
}

function upgradeStatements(database: Database, found: number, wanted: Schema): readonly string[] {
  const collections = database.prepare<{ name: string }>('SELECT name FROM "everdraft.collections"').all();
  return wanted.upgrades
    .slice(found - 1, wanted.version - 1)
    .flatMap((upgrade) => [
      ...upgrade.file,
      ...collections.flatMap(({ name }) => upgrade.collection(tableNames(name))),
    ]);
}

/** The version of the tables in the file; 0 where there are none. Throws FormatTooNewError. Changes nothing. */
export function checkedVersion(database: Database, path: string, wanted: Schema = schema): number {
  const version = versionOf(database);
  if (version <= wanted.version) return version;
  throw new FormatTooNewError({
    id: undefined,
    what: "storage",
    where: JSON.stringify(path),
    found: version,
    known: wanted.version,
  });
}

/** The version of the tables in the file; 0 where there are none. */
function versionOf(database: Database): number {
  const table = "SELECT 1 AS found FROM sqlite_schema WHERE type = 'table' AND name = 'everdraft.schema'";
  if (database.prepare<{ found: number }>(table).get() === undefined) return 0;
  return database.prepare<{ version: number }>('SELECT version FROM "everdraft.schema"').get()?.version ?? 0;
}
