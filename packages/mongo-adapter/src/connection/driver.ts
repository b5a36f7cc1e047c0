/*
 * What the adapter uses of a MongoDB driver, so that it takes any that has it: `mongodb` 6 and 7, and the connections of
 * Mongoose 8 and 9. Filters, updates and options are plain objects, and documents come as such.
 */

/** A document as a driver gives it. */
export type Document = Record<string, unknown>;

/** Fields in their order: 1 ascending, -1 descending. */
type Order = Map<string, 1 | -1> | Readonly<Record<string, 1 | -1>>;

/** A cursor over the documents that a query finds. */
export interface MongoCursor {
  /** Sets the order. */
  sort(order: Order): MongoCursor;
  /** Ends the cursor behind so many documents. */
  limit(count: number): MongoCursor;
  /** Sets how many documents an answer holds. */
  batchSize(count: number): MongoCursor;
  /** The next document; null behind the last. */
  next(): Promise<Document | null>;
  /** All documents. */
  toArray(): Promise<Document[]>;
  /** The documents, one after another. */
  [Symbol.asyncIterator](): AsyncIterator<Document>;
}

/** One write of several that are sent together. */
export type BulkOperation =
  | { readonly insertOne: { readonly document: object } }
  | {
      readonly replaceOne: {
        readonly filter: object;
        readonly replacement: object;
        readonly upsert?: boolean;
      };
    }
  | { readonly updateOne: { readonly filter: object; readonly update: object; readonly upsert?: boolean } }
  | { readonly deleteOne: { readonly filter: object } }
  | { readonly deleteMany: { readonly filter: object } };

/** A collection. */
export interface MongoCollection {
  /** Its name, without that of its database. */
  readonly collectionName: string;
  /** Finds documents. */
  find(filter: object, options: object): MongoCursor;
  /** Finds one document. */
  findOne(filter: object, options: object): Promise<Document | null>;
  /** Finds one document and takes it away. */
  findOneAndDelete(filter: object, options: object): Promise<Document | null>;
  /** Inserts a document. */
  insertOne(document: object, options: object): Promise<unknown>;
  /** Inserts documents. */
  insertMany(documents: readonly object[], options: object): Promise<unknown>;
  /** Replaces one document. */
  replaceOne(
    filter: object,
    replacement: object,
    options: object,
  ): Promise<{ readonly matchedCount: number; readonly upsertedCount: number }>;
  /** Changes one document. */
  updateOne(filter: object, update: object, options: object): Promise<{ readonly matchedCount: number }>;
  /** Takes one document away. */
  deleteOne(filter: object, options: object): Promise<unknown>;
  /** Takes documents away. */
  deleteMany(filter: object, options: object): Promise<unknown>;
  /** Writes several at a time; operations are `BulkOperation`s. */
  bulkWrite(
    operations: readonly object[],
    options: object,
  ): Promise<{ readonly matchedCount: number; readonly deletedCount: number }>;
  /** Runs a pipeline. */
  aggregate(pipeline: object[], options: object): { toArray(): Promise<Document[]> };
  /** Counts documents. */
  countDocuments(filter: object, options: object): Promise<number>;
  /** About how many documents there are. */
  estimatedDocumentCount(options: object): Promise<number>;
  /** Makes an index. */
  createIndex(key: Readonly<Record<string, 1 | -1>>, options: object): Promise<string>;
  /** Lists the indexes. */
  listIndexes(options: object): { toArray(): Promise<Document[]> };
  /** Takes the collection away. */
  drop(): Promise<unknown>;
}

/** A list of collections, which the server gives page by page. */
interface MongoCollections {
  /** All of them. */
  toArray(): Promise<readonly { readonly name: string; readonly type?: string; readonly options?: object }[]>;
}

/** A session, for transactions. */
export interface MongoSession {
  /** Begins a transaction. */
  startTransaction(options: object): void;
  /** Whether one was begun and neither committed nor taken back. */
  inTransaction(): boolean;
  /** Commits it. */
  commitTransaction(): Promise<unknown>;
  /** Takes it back. */
  abortTransaction(): Promise<unknown>;
  /** Ends the session. */
  endSession(): Promise<unknown>;
}

/** A client. Its owner made it and closes it. */
export interface MongoConnection {
  /** Connects it, where it is not. */
  connect(): Promise<unknown>;
  /** Begins a session. */
  startSession(): MongoSession;
  /** Listens to what happens to it. */
  on(event: string, listener: () => void): unknown;
  /** Listens no longer. */
  off(event: string, listener: () => void): unknown;
}

/** A database of a client: `client.db(name)` of `mongodb` 6 or 7, or `mongoose.connection.db` of Mongoose 8 or 9. */
export interface MongoDatabase {
  /** Its name. */
  readonly databaseName: string;
  /** The client that it is a database of. */
  readonly client: MongoConnection;
  /** A handle of a collection. */
  collection(name: string, options: object): MongoCollection;
  /** Sends a command. */
  command(command: object, options: object): Promise<Document>;
  /** Lists collections. */
  listCollections(filter: object, options: object): MongoCollections;
}
