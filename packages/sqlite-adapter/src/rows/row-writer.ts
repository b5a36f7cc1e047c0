import { encode, type RowSet, rowId } from "@everdraft/core/adapter";
import { types } from "../capabilities.ts";
import type { Database } from "../engine/database.ts";
import type { Bound } from "../engine/engine.ts";
import { idText } from "../id-text.ts";
import { insertInto, quote } from "../tables.ts";
import { type RowTables, rowTables } from "./row-tables.ts";

/** The rows of a document as they are bound, encoded before the file is locked. */
export interface PreparedRows {
  readonly doc: string;
  readonly version: number;
  readonly rows: readonly (readonly Bound[])[];
}

/** Encodes the rows of a document. */
export function prepareRowSet({ doc, version, rows }: RowSet): PreparedRows {
  const text = idText(doc);
  const bound = rows.map((row, place) => [rowId(doc, place), text, version, encode(row, types)]);
  return { doc: text, version, rows: bound };
}

/** Replaces the rows of a document, within a transaction of its caller's. */
export type RowWriter = (prepared: PreparedRows, over: "lower" | "any") => void;

/** The statements that write rows, for the table's own store and for the commit, which writes them with their events. */
export function rowWriter(database: Database, { rows, documents }: RowTables): RowWriter {
  const versionOf = database.prepare<{ version: number }>(
    `SELECT version FROM ${quote(documents)} WHERE doc = ?`,
  );
  const setVersion = database.prepare(`INSERT OR REPLACE ${insertInto(documents, "doc, version")}`);
  const insert = database.prepare(`INSERT ${insertInto(rows, "id, doc, version, state")}`);
  const remove = database.prepare(`DELETE FROM ${quote(rows)} WHERE doc = ?`);
  return ({ doc, version, rows: wanted }, over) => {
    const found = versionOf.get(doc)?.version;
    if (over === "lower" && found !== undefined && found >= version) return;
    remove.run(doc);
    for (const row of wanted) insert.run(...row);
    setVersion.run(doc, version);
  };
}

/** The writers of the rows of a collection by the names of their projections, each made when it is first used. */
export function rowWriters(database: Database, collection: string): (name: string) => RowWriter {
  const writers = new Map<string, RowWriter>();
  return (name) => {
    const found = writers.get(name) ?? rowWriter(database, rowTables(collection, name));
    writers.set(name, found);
    return found;
  };
}
