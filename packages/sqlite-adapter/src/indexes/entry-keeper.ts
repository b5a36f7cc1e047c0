import {
  entriesOf,
  type IndexEntries,
  type IndexShape,
  looser,
  outsideEntry,
  type PlainObject,
} from "@everdraft/core/adapter";
import type { Database } from "../engine/database.ts";
import { quote } from "../tables.ts";
import {
  entryTable,
  type FileIndex,
  type Indexed,
  indexesOf,
  keyColumns,
  noteShape,
} from "./index-registry.ts";

/** Keeps the entries of documents or rows in all indexes over them. Within a transaction of its caller's. */
export interface EntryKeeper {
  /** Replaces the entries of a document or row by those of its state; it has none where there is no state any more. */
  keep(id: string, state: PlainObject | undefined): void;
}

/** The keeper of the entries of documents or rows. The indexes are looked up each time: another process may add some. */
export function entryKeeper(database: Database, over: Indexed): EntryKeeper {
  const indexes = indexesOf(database, over);
  return {
    keep: (id, state) => {
      for (const index of indexes()) keepEntries(database, index, id, state);
    },
  };
}

const none: IndexEntries = { entries: [], shape: "single" };

/** Replaces the entries of a document or row in one index. Gives the shape that the index has then. */
export function keepEntries(
  database: Database,
  index: FileIndex,
  id: string,
  state: PlainObject | "unreadable" | undefined,
): IndexShape {
  const { entries, shape } = wantedEntries(index, state);
  const columns = keyColumns(index);
  const table = quote(entryTable(index));
  const select = database.prepare<Record<string, Uint8Array>>(
    `SELECT ${columns.join(", ")} FROM ${table} WHERE id = ?`,
  );
  const found = new Map(
    select.all(id).map((row) => {
      const keys = columns.map((column) => row[column] ?? new Uint8Array());
      return [textOf(keys), keys] as const;
    }),
  );
  for (const keys of entries) {
    if (found.delete(textOf(keys))) continue;
    database
      .prepare(`INSERT INTO ${table} (id, ${columns.join(", ")}) VALUES (?${", ?".repeat(columns.length)})`)
      .run(id, ...keys);
  }
  for (const keys of found.values()) {
    const same = columns.map((column) => `${column} = ?`).join(" AND ");
    database.prepare(`DELETE FROM ${table} WHERE id = ? AND ${same}`).run(id, ...keys);
  }
  const loosest = looser(index.shape, shape);
  if (loosest !== index.shape) noteShape(database, index, loosest);
  return loosest;
}

function wantedEntries({ paths }: FileIndex, state: PlainObject | "unreadable" | undefined): IndexEntries {
  if (state === undefined) return none;
  return state === "unreadable" ? outsideEntry(paths) : entriesOf(state, paths);
}

function textOf(keys: readonly Uint8Array[]): string {
  return keys.map((key) => Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString("hex")).join();
}
