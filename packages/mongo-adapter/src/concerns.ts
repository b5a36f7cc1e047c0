import type { CollectionOptions, ReadConcernLike, WriteConcernSettings } from "mongodb";
import { bsonOptions } from "./bson.ts";

/** Events and views are durable once they are acknowledged, whatever fails afterwards. */
export const writeConcern: WriteConcernSettings = { w: "majority", journal: true };

/** What decides anything must not be rolled back later. */
export const readConcern: ReadConcernLike = { level: "majority" };

/** What every handle of a collection is made with, so that nothing is inherited from client or database. */
export const collectionOptions: CollectionOptions = {
  ...bsonOptions,
  readPreference: "primary",
  readConcern,
  writeConcern,
};
