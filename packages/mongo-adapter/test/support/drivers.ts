import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { workerMongo } from "@everdraft/test-server/vitest";
import { BSON, MongoClient } from "mongodb";
import { BSON as BSON6, MongoClient as MongoClient6 } from "mongodb6";
import { afterAll } from "vitest";
import type { BsonClasses, MongoDatabase } from "../../src/index.ts";

const require = createRequire(import.meta.url);

/** A database of a driver, and the classes of that driver. */
export interface DriverDatabase {
  readonly db: MongoDatabase;
  readonly BSON: BsonClasses;
  close(): Promise<unknown>;
}

/** What these tests use of Mongoose: its types are for a package of that name. */
interface Mongoose {
  readonly mongo: { readonly BSON: BsonClasses };
  createConnection(
    uri: string,
    options: object,
  ): { asPromise(): Promise<{ readonly db?: MongoDatabase; close(): Promise<unknown> }> };
}

/** A second copy of the driver that the adapter finds, as a program has it that is not deduplicated. */
export async function copyOfDriver(): Promise<typeof import("mongodb")> {
  const folder = mkdtempSync(join(tmpdir(), "everdraft-driver-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const original = realpathSync(dirname(require.resolve("mongodb/package.json")));
  for (const name of ["mongodb", "bson"])
    cpSync(realpathSync(join(original, "..", name)), join(folder, "node_modules", name), { recursive: true });
  for (const name of ["mongodb-connection-string-url", "@mongodb-js"])
    symlinkSync(realpathSync(join(original, "..", name)), join(folder, "node_modules", name), "dir");
  return import(pathToFileURL(join(folder, "node_modules", "mongodb", "lib", "index.js")).href);
}

function ofMongoose(mongoose: Mongoose): (name: string) => Promise<DriverDatabase> {
  return async (name) => {
    const connection = await mongoose.createConnection(workerMongo().uri, { dbName: name }).asPromise();
    const { db } = connection;
    if (db === undefined) throw new Error("a connection that is open has a database");
    return { db, BSON: mongoose.mongo.BSON, close: () => connection.close() };
  };
}

/** The drivers that a program may have, each as it connects to a database. */
export const drivers: Readonly<Record<string, (name: string) => Promise<DriverDatabase>>> = {
  "mongodb 7": async (name) => {
    const client = new MongoClient(workerMongo().uri);
    return { db: client.db(name), BSON, close: () => client.close() };
  },
  "mongodb 6": async (name) => {
    const client = new MongoClient6(workerMongo().uri);
    return { db: client.db(name), BSON: BSON6, close: () => client.close() };
  },
  "mongoose 8": ofMongoose(require("mongoose8")),
  "mongoose 9": ofMongoose(require("mongoose9")),
};

/** Connects with a driver of which there is another copy. */
export async function connectCopy(copy: typeof import("mongodb"), name: string): Promise<DriverDatabase> {
  const client = new copy.MongoClient(workerMongo().uri);
  return { db: client.db(name), BSON: copy.BSON, close: () => client.close() };
}
