export type { BsonClasses } from "./bson/bson-classes.ts";
export type { MongoObjectId, MongoUuid } from "./bson/bson-values.ts";
export type { MongoDatabase } from "./connection/driver.ts";
export { type MongoStorageOptions, mongoStorage } from "./mongo-storage.ts";
