import { type IndexShape, indexName, type PlannedIndex, type RowIndex } from "@everdraft/core/adapter";
import type { Database } from "../engine/database.ts";
import { quote } from "../tables.ts";

/** The documents or rows of a collection that an index is over: `rows` is the name of the rows, empty for the documents. */
export interface Indexed {
  readonly collection: string;
  readonly rows: string;
}

/** An index of a file. */
export interface FileIndex extends PlannedIndex {
  readonly id: number;
  /** Its fields, in order. */
  readonly paths: readonly string[];
  readonly complete: boolean;
  /** The id up to which it is built; of no meaning once it is complete. */
  readonly built: string;
}

/** An index as the table of indexes holds it. */
interface IndexRow {
  readonly id: number;
  readonly name: string;
  readonly keys: string;
  readonly shape: IndexShape;
  readonly complete: number;
  readonly built: string;
}

const table = '"everdraft.indexes"';

/** The table of an index's entries, each under the id of its document or row, and its index over their keys. */
export function entryTable({ id }: Pick<FileIndex, "id">): string {
  return `everdraft.index.${id}`;
}

/** The columns of an index's keys. */
export function keyColumns({ keys }: Pick<FileIndex, "keys">): readonly string[] {
  return keys.map((_, i) => `k${i}`);
}

const columns = "id, name, keys, shape, complete, built";

/**
 * Reads the indexes over documents or rows, as one text: every find and write does it, and mostly they are as they were.
 */
export function indexesOf(database: Database, { collection, rows }: Indexed): () => readonly FileIndex[] {
  const select = database.prepare<{ found: string }>(
    `SELECT json_group_array(json_object('id', id, 'name', name, 'keys', keys, 'shape', shape, 'complete', complete, 'built', built)) AS found
FROM (SELECT ${columns} FROM ${table} WHERE collection = ? AND rows = ? ORDER BY id)`,
  );
  let known = "";
  let indexes: readonly FileIndex[] = [];
  return () => {
    const found = select.get(collection, rows)?.found ?? "[]";
    if (found === known) return indexes;
    const read: unknown = JSON.parse(found);
    indexes = Array.isArray(read) ? read.map(fileIndex) : [];
    known = found;
    return indexes;
  };
}

/** All indexes of a collection, over its documents and its rows. */
export function allIndexes(database: Database, collection: string): readonly (FileIndex & Indexed)[] {
  return database
    .prepare<IndexRow & Indexed>(
      `SELECT ${columns}, collection, rows FROM ${table} WHERE collection = ? ORDER BY rows, name`,
    )
    .all(collection)
    .map((row) => ({ ...fileIndex(row), collection, rows: row.rows }));
}

function fileIndex({ id, name, keys, shape, complete, built }: IndexRow): FileIndex {
  const fields = keysIn(keys);
  return {
    id,
    name,
    keys: fields,
    paths: fields.map(([path]) => path),
    shape,
    complete: complete === 1,
    built,
  };
}

/** The fields of an index as they are stored. */
function keysIn(text: string): PlannedIndex["keys"] {
  const found: unknown = JSON.parse(text);
  return Array.isArray(found) ? found : [];
}

/** The name of an index in its collection. */
export function nameOf(keys: RowIndex["keys"], rows: string): string {
  return rows === "" ? indexName(keys) : `rows.${rows}.${indexName(keys)}`;
}

/** Makes an index without entries, within a transaction of its caller's. */
export function makeIndex(database: Database, over: Indexed, keys: RowIndex["keys"]): void {
  const fields = Object.entries(keys);
  const insert = database.prepare<{ id: number }>(
    `INSERT INTO ${table} (collection, rows, name, keys, shape, complete, built) VALUES (?, ?, ?, ?, 'single', 0, '') RETURNING id`,
  );
  const row = insert.get(over.collection, over.rows, nameOf(keys, over.rows), JSON.stringify(fields));
  if (row === undefined) return;
  const entries = entryTable(row);
  const names = fields.map((_, i) => `k${i}`);
  const ordered = fields.map(([, way], i) => (way === 1 ? `k${i}` : `k${i} DESC`));
  database.execute(`CREATE TABLE ${quote(entries)} (
  id TEXT NOT NULL, ${names.map((name) => `${name} BLOB NOT NULL`).join(", ")}, PRIMARY KEY (id, ${names.join(", ")})
) STRICT, WITHOUT ROWID`);
  database.execute(
    `CREATE INDEX ${quote(`${entries}.keys`)} ON ${quote(entries)} (${ordered.join(", ")}, id)`,
  );
}

/** Takes an index away, within a transaction of its caller's. */
export function removeIndex(database: Database, index: Pick<FileIndex, "id">): void {
  database.prepare(`DELETE FROM ${table} WHERE id = ?`).run(index.id);
  database.execute(`DROP TABLE IF EXISTS ${quote(entryTable(index))}`);
}

/** Notes how much the entries of an index say, within a transaction of its caller's. */
export function noteShape(database: Database, { id }: FileIndex, shape: IndexShape): void {
  database.prepare(`UPDATE ${table} SET shape = ? WHERE id = ?`).run(shape, id);
}

/** Notes how far an index is built, within a transaction of its caller's. */
export function noteBuilt(database: Database, { id }: FileIndex, built: string, complete: boolean): void {
  database
    .prepare(`UPDATE ${table} SET built = ?, complete = ? WHERE id = ?`)
    .run(built, complete ? 1 : 0, id);
}
