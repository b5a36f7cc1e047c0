import type { Database } from "../engine/database.ts";
import { quote } from "../tables.ts";

/** The tables of the rows of a projection: the rows, and up to where those of each document are. */
export interface RowTables {
  readonly rows: string;
  readonly documents: string;
}

/** The names of the tables for the rows of this name. */
export function rowTables(collection: string, name: string): RowTables {
  const rows = `${collection}.rows.${name}`;
  return { rows, documents: `${rows}.documents` };
}

const docIndex = ({ rows }: RowTables): string => `${rows}.doc`;

function rowStatements(tables: RowTables): readonly string[] {
  const { rows, documents } = tables;
  return [
    `CREATE TABLE IF NOT EXISTS ${quote(rows)} (
  id TEXT PRIMARY KEY NOT NULL, doc TEXT NOT NULL, version INTEGER NOT NULL, state BLOB NOT NULL
) STRICT`,
    `CREATE INDEX IF NOT EXISTS ${quote(docIndex(tables))} ON ${quote(rows)} (doc)`,
    `CREATE TABLE IF NOT EXISTS ${quote(documents)} (doc TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL) STRICT`,
  ];
}

/** Makes them where the file does not have them. One that has them is only read. */
export function prepareRowTables(database: Database, tables: RowTables): void {
  const found = database
    .prepare<{ found: number }>("SELECT count(*) AS found FROM sqlite_schema WHERE name IN (?, ?, ?)")
    .get(tables.rows, tables.documents, docIndex(tables))?.found;
  if (found === 3) return;
  database.transaction(() => {
    for (const statement of rowStatements(tables)) database.execute(statement);
  });
}
