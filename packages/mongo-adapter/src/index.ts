export type { BsonClasses } from "./bson-classes.ts";
export type { MongoObjectId, MongoUuid } from "./bson-values.ts";
export type { MongoDatabase } from "./driver.ts";
export { type MongoStorageOptions, mongoStorage } from "./mongo-storage.ts";
