import {
  decode,
  type IndexStore,
  isPlain,
  OptionsError,
  type PlainObject,
  type RowIndex,
} from "@everdraft/core/adapter";
import { types } from "../capabilities.ts";
import type { Connection } from "../engine/connection.ts";
import type { Database } from "../engine/database.ts";
import { rowTables } from "../rows/row-tables.ts";
import { quote, tableNames } from "../tables.ts";
import { keepEntries } from "./entry-keeper.ts";
import {
  allIndexes,
  type FileIndex,
  type Indexed,
  indexesOf,
  makeIndex,
  nameOf,
  noteBuilt,
  removeIndex,
} from "./index-registry.ts";
import { logIndexKeeper } from "./log-index-keeper.ts";

/** A piece of a build takes in so many documents or rows, or so many bytes and one more: then no clock decides how far it is. */
const most = { documents: 100, bytes: 131_072 };

/** The indexes of a collection. */
export function sqliteIndexes(connection: Connection, collection: string): IndexStore {
  const database = connection.database();
  const ofLog = logIndexKeeper(connection, tableNames(collection));
  return {
    add: (indexes, { timeoutMs }) =>
      connection.step("add indexes", { timeoutMs }, () =>
        addIndexes(connection, { collection, rows: "" }, indexes),
      ),
    addToLog: (fields, { timeoutMs }) =>
      connection.step("add indexes", { timeoutMs }, () => {
        ofLog.want(fields);
        // where there is little, at once
        if (ofLog.isShort()) while (ofLog.build());
      }),
    build: (call) =>
      connection.step("build an index", call, () => {
        const isLeft = (): boolean => allIndexes(database, collection).some(({ complete }) => !complete);
        if (connection.forReading()) return false;
        if (!isLeft()) return ofLog.build();
        database.transaction(() => buildPiece(database, collection));
        return isLeft() || ofLog.isLeft();
      }),
    list: (call) =>
      connection.step("list indexes", call, () => [
        ...allIndexes(database, collection).map(({ name, keys, rows, complete }) => ({
          name,
          keys: Object.fromEntries(keys),
          ...(rows !== "" && { rows }),
          complete,
        })),
        ...ofLog.list(),
      ]),
    drop: (name, { timeoutMs }) =>
      connection.step("drop an index", { timeoutMs }, () =>
        database.transaction(() => {
          const found = allIndexes(database, collection).filter((index) => index.name === name);
          for (const index of found) removeIndex(database, index);
          return found.length > 0 || ofLog.drop(name);
        }),
      ),
  };
}

/**
 * Adds the indexes that are missing, and builds a first piece of each, which is all of it where there is little. A file that
 * is only read stays without. Within a step.
 */
export function addIndexes(connection: Connection, over: Indexed, wanted: readonly RowIndex[]): void {
  const database = connection.database();
  const missing = missingOf(indexesOf(database, over)(), over, wanted);
  if (missing.length === 0 || connection.forReading()) return;
  database.transaction(() => {
    // another process may have done it meanwhile
    for (const { keys } of missingOf(indexesOf(database, over)(), over, missing))
      makeIndex(database, over, keys);
    for (const index of indexesOf(database, over)()) if (!index.complete) buildOn(database, over, index);
  });
}

function missingOf(
  found: readonly FileIndex[],
  { rows }: Indexed,
  wanted: readonly RowIndex[],
): readonly RowIndex[] {
  return wanted.filter(({ keys }) => {
    const same = found.find(({ name }) => name === nameOf(keys, rows));
    if (same === undefined) return true;
    if (JSON.stringify(same.keys) === JSON.stringify(Object.entries(keys))) return false;
    throw new OptionsError({
      option: "indexes",
      reason: `there is an index ${same.name} over other fields`,
      remedy: "Drop that one first: everdraft indexes drop.",
    });
  });
}

/** Takes the next documents or rows into the first index that is not complete. */
function buildPiece(database: Database, collection: string): void {
  const index = allIndexes(database, collection).find(({ complete }) => !complete);
  if (index !== undefined) buildOn(database, index, index);
}

function buildOn(database: Database, { collection, rows }: Indexed, index: FileIndex): void {
  const table = rows === "" ? collection : rowTables(collection, rows).rows;
  const page = database
    .prepare<{ id: string; state: Uint8Array }>(
      `SELECT id, state FROM ${quote(table)} WHERE id > ? AND state IS NOT NULL ORDER BY id LIMIT ?`,
    )
    .each(index.built, most.documents);
  let { shape, built } = index;
  let [documents, bytes] = [0, 0];
  for (const { id, state } of page) {
    shape = keepEntries(database, { ...index, shape }, id, stateOf(state));
    built = id;
    documents++;
    bytes += state.length;
    if (bytes >= most.bytes) break;
  }
  noteBuilt(database, index, built, documents < most.documents && bytes < most.bytes);
}

function stateOf(bytes: Uint8Array): PlainObject | "unreadable" {
  try {
    const state = decode(bytes, types);
    return isPlain(state) ? state : "unreadable";
  } catch {
    return "unreadable";
  }
}
