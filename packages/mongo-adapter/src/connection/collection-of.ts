import { collectionOptions } from "./concerns.ts";
import type { MongoCollection, MongoDatabase } from "./driver.ts";

/** A collection of documents that the library stores; each is written as it is, or as a Map where the driver would take one of its names for its own. */
export type CollectionOf<S extends object> = MongoCollection<S, S | ReadonlyMap<string, unknown>>;

/** The collection of a name, with nothing inherited from client or database. `S` is a document that the library stores there. */
export function collectionOf<S extends object>(db: MongoDatabase, name: string): CollectionOf<S> {
  return db.collection(name, collectionOptions);
}
