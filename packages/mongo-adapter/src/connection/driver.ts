/*
 * The part of a MongoDB driver that the adapter uses. Any driver that has it will do: `mongodb` 6 and 7, and the
 * connections of Mongoose 8 and 9. Filters, updates and options are plain objects, and documents come as such.
 */

/** A document as a driver gives it. */
export type Document = Record<string, unknown>;

/**
 * A document of a collection as it is read: the fields are those that the library stores, and any program may have written
 * anything into them.
 */
export type Read<S> = { readonly [Field in keyof S]?: unknown };

/** A filter over such documents: by the names of fields, by paths, and by operators. */
export type FilterOf<S> = Read<S> & { readonly [name in `$${string}` | `${string}.${string}`]?: unknown };

/** A document without its id, as a replacement is. */
type WithoutId<W> = W extends { readonly _id: unknown } ? Omit<W, "_id"> : W;

/** Fields in their order: 1 ascending, -1 descending. */
type Order = Map<string, 1 | -1> | Readonly<Record<string, 1 | -1>>;

/** A cursor over the documents that a query finds. */
export interface MongoCursor<D = Document> {
  /** Sets the order. */
  sort(order: Order): MongoCursor<D>;
  /** Ends the cursor behind so many documents. */
  limit(count: number): MongoCursor<D>;
  /** Sets how many documents an answer holds. */
  batchSize(count: number): MongoCursor<D>;
  /** The next document; null behind the last. */
  next(): Promise<D | null>;
  /** All documents. */
  toArray(): Promise<D[]>;
  /** The documents, one after another. */
  [Symbol.asyncIterator](): AsyncIterator<D>;
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

/** A collection: `S` is a document that the library stores there, by which filters and reads are typed, `W` one as it is written. */
export interface MongoCollection<S = Document, W = object> {
  /** Its name, without that of its database. */
  readonly collectionName: string;
  /** Finds documents. */
  find(filter: FilterOf<S>, options: object): MongoCursor<Read<S>>;
  /** Finds one document. */
  findOne(filter: FilterOf<S>, options: object): Promise<Read<S> | null>;
  /** Finds one document and takes it away. */
  findOneAndDelete(filter: FilterOf<S>, options: object): Promise<Read<S> | null>;
  /** Inserts a document. */
  insertOne(document: W, options: object): Promise<unknown>;
  /** Inserts documents. */
  insertMany(documents: readonly W[], options: object): Promise<unknown>;
  /** Replaces one document. */
  replaceOne(
    filter: FilterOf<S>,
    replacement: WithoutId<W>,
    options: object,
  ): Promise<{ readonly matchedCount: number; readonly upsertedCount: number }>;
  /** Changes one document. */
  updateOne(filter: FilterOf<S>, update: object, options: object): Promise<{ readonly matchedCount: number }>;
  /** Takes one document away. */
  deleteOne(filter: FilterOf<S>, options: object): Promise<unknown>;
  /** Takes documents away. */
  deleteMany(filter: FilterOf<S>, options: object): Promise<unknown>;
  /** Writes several at a time; operations are `BulkOperation`s. */
  bulkWrite(
    operations: readonly object[],
    options: object,
  ): Promise<{ readonly matchedCount: number; readonly deletedCount: number }>;
  /** Runs a pipeline. */
  aggregate(pipeline: object[], options: object): { toArray(): Promise<Document[]> };
  /** Counts documents. */
  countDocuments(filter: FilterOf<S>, options: object): Promise<number>;
  /** About how many documents there are. */
  estimatedDocumentCount(options: object): Promise<number>;
  /** Makes an index. */
  createIndex(key: Readonly<Record<string, 1 | -1>>, options: object): Promise<string>;
  /** Lists the indexes. */
  listIndexes(options: object): { toArray(): Promise<Document[]> };
  /** Takes the collection away. */
  drop(): Promise<unknown>;
}

/** A collection of any documents, for its indexes. */
export type IndexedCollection = Pick<
  MongoCollection,
  "collectionName" | "listIndexes" | "createIndex" | "aggregate"
>;

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
  /** A database, for commands that are not for one collection. */
  db(name: string): Pick<MongoDatabase, "command">;
  /** Listens to an event of the client. */
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
