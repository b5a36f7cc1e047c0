import { encode, type PlainObject, type RowSet, rowId } from "@everdraft/core/adapter";
import { types } from "../capabilities.ts";
import type { Database } from "../engine/database.ts";
import { idText } from "../id-text.ts";
import { entryKeeper } from "../indexes/entry-keeper.ts";
import type { Indexed } from "../indexes/index-registry.ts";
import { insertInto, quote } from "../tables.ts";
import { rowTables } from "./row-tables.ts";

interface PreparedRow {
  readonly id: string;
  readonly state: PlainObject;
  readonly bytes: Uint8Array;
}

/** The rows of a document as they are bound, encoded before the file is locked. */
export interface PreparedRows {
  readonly doc: string;
  readonly version: number;
  readonly rows: readonly PreparedRow[];
}

/** Encodes the rows of a document. */
export function prepareRowSet({ doc, version, rows }: RowSet): PreparedRows {
  const prepared = rows.map((state, place) => ({
    id: rowId(doc, place),
    state,
    bytes: encode(state, types),
  }));
  return { doc: idText(doc), version, rows: prepared };
}

/** Replaces the rows of a document, within a transaction of its caller's. */
export type RowWriter = (prepared: PreparedRows, over: "lower" | "any") => void;

/** The statements that write rows, for the table's own store and for the commit, which writes them with their events. */
export function rowWriter(database: Database, over: Indexed): RowWriter {
  const { rows, documents } = rowTables(over.collection, over.rows);
  const entries = entryKeeper(database, over);
  const versionOf = database.prepare<{ version: number }>(
    `SELECT version FROM ${quote(documents)} WHERE doc = ?`,
  );
  const setVersion = database.prepare(`INSERT OR REPLACE ${insertInto(documents, "doc, version")}`);
  const insert = database.prepare(`INSERT ${insertInto(rows, "id, doc, version, state")}`);
  const remove = database.prepare<{ id: string }>(`DELETE FROM ${quote(rows)} WHERE doc = ? RETURNING id`);
  return ({ doc, version, rows: wanted }, over) => {
    const found = versionOf.get(doc)?.version;
    if (over === "lower" && found !== undefined && found >= version) return;
    const gone = new Set(remove.all(doc).map(({ id }) => id));
    for (const { id, state, bytes } of wanted) {
      insert.run(id, doc, version, bytes);
      entries.keep(id, state);
      gone.delete(id);
    }
    for (const id of gone) entries.keep(id, undefined);
    setVersion.run(doc, version);
  };
}

/** The writers of the rows of a collection by the names of their projections, each made when it is first used. */
export function rowWriters(database: Database, collection: string): (name: string) => RowWriter {
  const writers = new Map<string, RowWriter>();
  return (name) => {
    const found = writers.get(name) ?? rowWriter(database, { collection, rows: name });
    writers.set(name, found);
    return found;
  };
}
