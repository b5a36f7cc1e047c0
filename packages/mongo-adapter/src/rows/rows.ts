import { OptionsError, type RowIndex, type RowStore } from "@everdraft/core/adapter";
import { collectionOf } from "../connection/collection-of.ts";
import type { Connection } from "../connection/connection.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import { faultOfName } from "../connection/names.ts";
import { codeOf } from "../errors/driver-errors.ts";
import { ensureIndexes } from "../indexes/index-guard.ts";
import { ownersIndex, type WantedIndex } from "../indexes/indexes.ts";
import { mongoRows } from "./row-store.ts";
import type { RowCollections, RowDocument, RowMark } from "./row-writes.ts";

/** The index that finds the rows of a document. */
const documentIndex: WantedIndex = {
  name: "_everdraft.doc_1__everdraft.version_1",
  key: { "_everdraft.doc": 1, "_everdraft.version": 1 },
  unique: false,
  serves: ["the rows of a document: { _everdraft.doc }, and those below a version"],
};

function collectionsOf({ db }: Connection, collection: string, name: string): RowCollections {
  const rows = `${collection}.rows.${name}`;
  return {
    rows: collectionOf<RowDocument>(db, rows),
    documents: collectionOf<RowMark>(db, `${rows}.documents`),
  };
}

/** The rows of a projection, by their name, and its indexes. */
export interface NamedIndexes {
  readonly name: string;
  readonly indexes: readonly RowIndex[];
}

/** Opens the rows of a projection over a collection, with its indexes. */
export async function openRows(
  connection: Connection,
  collection: string,
  { name, indexes }: NamedIndexes,
  deadline: CommandsDeadline,
): Promise<RowStore> {
  const collections = collectionsOf(connection, collection, name);
  const reason = faultOfName(connection.db.databaseName, collections.documents.collectionName);
  if (reason !== undefined) {
    throw new OptionsError({
      option: "projections",
      reason: `the rows ${name} of ${JSON.stringify(collection)} cannot be kept in MongoDB: ${reason}`,
      remedy: "Give the projection a shorter name.",
    });
  }
  await ensureIndexes(collections.rows, [documentIndex, ...indexes.map(ownersIndex)], deadline);
  return mongoRows(connection, collections);
}

/** Takes the rows of this name away. */
export async function dropRows(connection: Connection, collection: string, name: string): Promise<void> {
  for (const one of Object.values(collectionsOf(connection, collection, name))) {
    try {
      await one.drop();
    } catch (error) {
      // there is none
      if (codeOf(error) !== 26) throw error;
    }
  }
}
