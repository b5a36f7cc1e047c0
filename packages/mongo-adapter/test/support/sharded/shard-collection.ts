import { BSON, type Document } from "mongodb";
import { fieldsOf } from "./raw-bson.ts";
import { shardKeyOf } from "./shard-keys.ts";
import type { Shards } from "./shards.ts";

/**
 * The answer to `shardCollection`. As on mongos the key needs an index that begins with it, and so does each unique index, but
 * for that of `_id`. Refused too where it is not the key by which the router splits the collection.
 */
export async function shardCollection(
  { shardCollection: namespace, key }: Document,
  shards: Shards,
): Promise<Document> {
  const dot = String(namespace).indexOf(".");
  const [db, collection] = [String(namespace).slice(0, dot), String(namespace).slice(dot + 1)];
  const [field = ""] = Object.keys(key);
  const refused = (errmsg: string): Document => ({ ok: 0, code: 72, codeName: "InvalidOptions", errmsg });
  if (field !== shardKeyOf(collection)) return refused(`${namespace} is not split by ${field}`);
  const asked = BSON.serialize({ listIndexes: collection, $db: db });
  const { cursor } = BSON.deserialize(await shards.ask(0, fieldsOf(Buffer.from(asked))));
  const indexes: readonly Document[] = cursor.firstBatch;
  const begins = (index: Document): boolean => Object.keys(index.key)[0] === field;
  if (!indexes.some(begins)) return refused(`${namespace} has no index that begins with ${field}`);
  const unguarded = indexes.find((index) => index.unique === true && index.name !== "_id_" && !begins(index));
  if (unguarded !== undefined)
    return refused(`${unguarded.name} of ${namespace} cannot be unique by ${field}`);
  return { ok: 1, collectionsharded: namespace };
}
