/**
 * The names of a collection's tables and index, as a person would type them; `quote` makes them part of SQL.
 */
export interface TableNames {
  readonly views: string;
  readonly events: string;
  readonly snapshots: string;
  /** The index over the schema versions of living documents: tells at once whether there are any of another one. */
  readonly schemas: string;
  /** The index that `changes` reads. */
  readonly changes: string;
  /** The unique index over the derived ids of events. */
  readonly keys: string;
}

/** The names that a collection takes up in a file. */
export function tableNames(collection: string): TableNames {
  return {
    views: collection,
    events: `${collection}.events`,
    snapshots: `${collection}.snapshots`,
    schemas: `${collection}.schemas`,
    changes: `${collection}.events.changes`,
    keys: `${collection}.events.keys`,
  };
}

/** An identifier as SQL takes it, whatever it holds. */
export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** The text after INSERT or INSERT OR REPLACE that stores a row, with a place for each value. */
export function insertInto(table: string, columns: string): string {
  const places = columns.split(",").map(() => "?");
  return `INTO ${quote(table)} (${columns}) VALUES (${places.join(", ")})`;
}

/** The tables of a file, as statements. */
export interface Schema {
  /** Counts up with every change; a file with a higher one is refused. */
  readonly version: number;
  /** Makes the tables that a file has once. */
  readonly file: readonly string[];
  /** Makes the tables that each collection has. */
  readonly collection: (names: TableNames) => readonly string[];
  /** `upgrades[n]` brings a file from version n + 1 to n + 2: statements for the file, and for each collection. */
  readonly upgrades: readonly Pick<Schema, "file" | "collection">[];
}

const file = [
  'CREATE TABLE "everdraft.schema" (version INTEGER NOT NULL) STRICT',
  // table names differ by more than case, so names of collections must too
  'CREATE TABLE "everdraft.collections" (name TEXT PRIMARY KEY COLLATE NOCASE NOT NULL) STRICT',
  `CREATE TABLE "everdraft.checkpoints" (
  collection TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (collection, name)
) STRICT`,
  // which indexes there are: every writer keeps all of them
  `CREATE TABLE "everdraft.indexes" (
  id INTEGER PRIMARY KEY AUTOINCREMENT, collection TEXT NOT NULL, rows TEXT NOT NULL, name TEXT NOT NULL,
  keys TEXT NOT NULL, shape TEXT NOT NULL, complete INTEGER NOT NULL, built TEXT NOT NULL, UNIQUE (collection, rows, name)
) STRICT`,
];

// The record of an event says all; the columns beside it repeat the facts that are searched for. A position is given once, also where
// rows are taken away or copied. `key` is the event's id where it is derived, so that two writers may send the same one.
// TEXT compares by its UTF-8 bytes (collation BINARY), as the library orders ids. BLOBs are canonical bytes, and last: only
// the columns before them are read without them.
const collection = ({ views, events, snapshots, schemas, changes, keys }: TableNames): readonly string[] => [
  `CREATE TABLE ${quote(views)} (
  id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, head TEXT NOT NULL, changed INTEGER NOT NULL,
  at INTEGER NOT NULL, "by" TEXT NOT NULL, event TEXT NOT NULL, schema INTEGER NOT NULL, digest TEXT NOT NULL,
  since INTEGER NOT NULL, state BLOB
) STRICT`,
  `CREATE INDEX ${quote(schemas)} ON ${quote(views)} (schema) WHERE state IS NOT NULL`,
  `CREATE TABLE ${quote(events)} (
  position INTEGER PRIMARY KEY AUTOINCREMENT, doc TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL,
  "by" TEXT NOT NULL, key TEXT, record BLOB NOT NULL, UNIQUE (doc, version)
) STRICT`,
  `CREATE UNIQUE INDEX ${quote(keys)} ON ${quote(events)} (doc, key) WHERE key IS NOT NULL`,
  `CREATE INDEX ${quote(changes)} ON ${quote(events)} (at, doc, version)`,
  `CREATE TABLE ${quote(snapshots)} (
  doc TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, "by" TEXT NOT NULL, event TEXT NOT NULL,
  hash TEXT NOT NULL, schema INTEGER NOT NULL, digest TEXT NOT NULL, format INTEGER NOT NULL,
  state BLOB NOT NULL, PRIMARY KEY (doc, version), UNIQUE (doc, at, version)
) STRICT`,
];

/** The tables of this version of the library. */
export const schema: Schema = { version: 1, file, collection, upgrades: [] };
