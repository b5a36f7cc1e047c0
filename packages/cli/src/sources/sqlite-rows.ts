import { existsSync } from "node:fs";
import { DatabaseSync } from "@photostructure/sqlite";
import { UsageError } from "../failure.ts";
import type { Row, Rows } from "./rows.ts";

/**
 * The rows of a SQLite table as documents, without the columns that are null; the id is the primary key as a text.
 * The names of the tables that there are where it is none.
 */
export function sqliteRows(path: string, table: string): Rows | string[] {
  if (!existsSync(path)) return [];
  const tables = query(path, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
  const names = tables.map(({ name }) => String(name));
  if (!names.includes(table)) return names.filter((name) => !/^sqlite_|^everdraft\./.test(name));
  const quoted = `"${table.replaceAll('"', '""')}"`;
  const keys = query(path, `SELECT name FROM pragma_table_info(${text(table)}) WHERE pk > 0 ORDER BY pk`);
  const key = keys.length === 1 ? String(keys[0]?.name) : undefined;
  const column = key === undefined ? "rowid" : `"${key.replaceAll('"', '""')}"`;
  if (key === undefined && hasNoNumbers(path, quoted))
    throw new UsageError(
      `The rows of ${JSON.stringify(table)} have no ids: its primary key has several columns, and it has no row numbers. Copy it into a table with an id.`,
    );
  const numbers = `SELECT 1 FROM ${quoted} WHERE typeof(${column}) IN ('integer', 'real') LIMIT 1`;
  const hasNumbers = query(path, numbers).length > 0;
  const total = Number(query(path, `SELECT count(*) AS many FROM ${quoted}`)[0]?.many);
  function* rows(): Generator<Row> {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const statement = database.prepare(`SELECT ${column} AS "everdraft.id", * FROM ${quoted} ORDER BY 1`);
      // as numbers, integers that no number can hold would end the reading
      statement.setReadBigInts(true);
      for (const row of statement.iterate()) {
        const { "everdraft.id": id, ...columns } = row as Record<string, unknown>;
        const fields = Object.entries(columns).filter(([name, value]) => value !== null && name !== key);
        const lost = faultOfId(id, hasNumbers) ?? faultOfFields(fields);
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
function hasNoNumbers(path: string, quoted: string): boolean {
  try {
    query(path, `SELECT rowid FROM ${quoted} LIMIT 0`);
    return false;
  } catch {
    return true;
  }
}

function isSafe(value: bigint): boolean {
  return BigInt(Number(value)) === value;
}

function query(path: string, sql: string): Record<string, unknown>[] {
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
