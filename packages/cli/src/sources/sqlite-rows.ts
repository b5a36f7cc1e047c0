import { existsSync } from "node:fs";
import { DatabaseSync } from "@photostructure/sqlite";
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
  const [key, another] = keys.map(({ name }) => String(name));
  const column = key === undefined || another !== undefined ? "rowid" : `"${key.replaceAll('"', '""')}"`;
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
        const lost = fields.find(([, value]) => typeof value === "bigint" && !isSafe(value));
        yield {
          id: String(id),
          state: Object.fromEntries(
            fields.map(([name, value]) => [name, typeof value === "bigint" ? Number(value) : value]),
          ),
          ...(lost !== undefined && { lost: `${lost[0]} is an integer that no number can hold` }),
        };
      }
    } finally {
      database.close();
    }
  }
  return { total, all: rows };
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
