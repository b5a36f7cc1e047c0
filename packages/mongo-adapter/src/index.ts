export { type MongoStorageOptions, mongoStorage } from "./mongo-storage.ts";
