import "./time-limits.ts";
import { randomBytes } from "node:crypto";
import { type Db, MongoClient, type MongoClientOptions } from "mongodb";
import { afterAll, inject } from "vitest";

const clients: MongoClient[] = [];
const databases: Db[] = [];
afterAll(async () => {
  // a server that the run started ends with all that is in it
  if (inject("mongo").stays) for (const database of databases) await database.dropDatabase();
  await Promise.all(clients.map((client) => client.close()));
}, 60_000);

/** A client of the server of this run, closed at the end of the file. */
export function newClient(options: MongoClientOptions = {}): MongoClient {
  const client = new MongoClient(inject("mongo").uri, options);
  clients.push(client);
  return client;
}

let shared: MongoClient | undefined;

/** A database of this file, on a client that all its tests share; dropped at the end of a server that stays. */
export function newDatabase(client: MongoClient = sharedClient()): Db {
  const database = client.db(`everdraft-${randomBytes(6).toString("hex")}`);
  // dropped by the client that nobody closes or configures
  databases.push(sharedClient().db(database.databaseName));
  return database;
}

/** The client that the tests of a file share. */
function sharedClient(): MongoClient {
  shared ??= newClient();
  return shared;
}
