import { existsSync } from "node:fs";
import { type Engine, loadEngine } from "@everdraft/sqlite-adapter/engine";
import { UsageError } from "../failure.ts";
import type { Row, Rows } from "./rows.ts";

/**
 * The rows of a SQLite table as documents, without the columns that are null; the id is the primary key as a text.
 * The names of the tables that there are where it is none.
 */
export async function sqliteRows(path: string, table: string): Promise<Rows | string[]> {
  if (!existsSync(path)) return [];
  // that of the storage: a second library in the process would end its locks on the file
  const { DatabaseSync } = await loadEngine();
  const query = (sql: string): Record<string, unknown>[] => queryIn(DatabaseSync, path, sql);
  const tables = query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
  const names = tables.map(({ name }) => String(name));
  if (!names.includes(table)) return names.filter((name) => !/^sqlite_|^everdraft\./.test(name));
  const quoted = `"${table.replaceAll('"', '""')}"`;
  const keys = query(`SELECT name FROM pragma_table_info(${text(table)}) WHERE pk > 0 ORDER BY pk`);
  const key = keys.length === 1 ? String(keys[0]?.name) : undefined;
  const column = key === undefined ? "rowid" : `"${key.replaceAll('"', '""')}"`;
  if (key === undefined && hasNoNumbers(query, quoted))
    throw new UsageError(
      `The rows of ${JSON.stringify(table)} have no ids: its primary key has several columns, and it has no row numbers. Copy it into a table with an id.`,
    );
  const numbers = `SELECT 1 FROM ${quoted} WHERE typeof(${column}) IN ('integer', 'real') LIMIT 1`;
  const hasNumbers = query(numbers).length > 0;
  const cut = cutTexts(query, text(table));
  const total = Number(query(`SELECT count(*) AS many FROM ${quoted}`)[0]?.many);
  function* rows(): Generator<Row> {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const statement = database.prepare(
        `SELECT ${column} AS "everdraft.id", ${cut} AS "everdraft.cut", * FROM ${quoted} ORDER BY 1`,
      );
      // as numbers, integers that no number can hold would end the reading
      statement.setReadBigInts(true);
      for (const row of statement.iterate()) {
        const { "everdraft.id": id, "everdraft.cut": isCut, ...columns } = row as Record<string, unknown>;
        const fields = Object.entries(columns).filter(([name, value]) => value !== null && name !== key);
        const lost = faultOfId(id, hasNumbers) ?? (isCut ? cutFault : undefined) ?? faultOfFields(fields);
        yield {
          id: String(id),
          state: Object.fromEntries(
            fields.map(([name, value]) => [name, typeof value === "bigint" ? Number(value) : value]),
          ),
          ...(lost !== undefined && { lost }),
        };
      }
    } finally {
      database.close();
    }
  }
  return { total, all: rows };
}

const cutFault =
  "it has a text with a NUL character, at which this version of Node ends it; use Node 24 or later";

/** A condition, in SQL, for rows of which this engine would lose a part: some engines end a text at its first NUL. */
function cutTexts(query: (sql: string) => Record<string, unknown>[], table: string): string {
  if (query("SELECT 'a' || char(0) || 'b' AS text")[0]?.text === "a\0b") return "0";
  const columns = query(`SELECT name FROM pragma_table_info(${table})`);
  const isCut = ({ name }: Record<string, unknown>): string => {
    const column = `"${String(name).replaceAll('"', '""')}"`;
    return `(typeof(${column}) = 'text' AND instr(${column}, char(0)) > 0)`;
  };
  return columns.map(isCut).join(" OR ");
}

/** Why a primary key cannot be an id, which is a text; `hasNumbers` where keys of other rows are numbers. */
function faultOfId(id: unknown, hasNumbers: boolean): string | undefined {
  if (id === null) return "its primary key is NULL";
  if (id instanceof Uint8Array) return "its primary key is a BLOB";
  if (hasNumbers && typeof id === "string" && /^-?\d/.test(id))
    return "its primary key is a text that may read like the number of another row";
  return undefined;
}

function faultOfFields(fields: readonly (readonly [string, unknown])[]): string | undefined {
  const lost = fields.find(([, value]) => typeof value === "bigint" && !isSafe(value));
  return lost && `${lost[0]} is an integer that no number can hold`;
}

/** Whether a table is one WITHOUT ROWID. */
function hasNoNumbers(query: (sql: string) => unknown, quoted: string): boolean {
  try {
    query(`SELECT rowid FROM ${quoted} LIMIT 0`);
    return false;
  } catch {
    return true;
  }
}

function isSafe(value: bigint): boolean {
  return BigInt(Number(value)) === value;
}

function queryIn(DatabaseSync: Engine["DatabaseSync"], path: string, sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare(sql).all() as Record<string, unknown>[];
  } finally {
    database.close();
  }
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
