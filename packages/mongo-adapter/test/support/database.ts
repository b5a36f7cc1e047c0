import "./time-limits.ts";
import { randomBytes } from "node:crypto";
import { workerMongo } from "@everdraft/test-server/vitest";
import { type Db, MongoClient, type MongoClientOptions } from "mongodb";
import { afterAll } from "vitest";
import { watch, watchable } from "./watch.ts";

const clients: MongoClient[] = [];
const databases: Db[] = [];
afterAll(async () => {
  // a server that the run started ends with all that is in it
  if (workerMongo().stays) for (const database of databases) await byHand(database).dropDatabase();
  await Promise.all(clients.map((client) => client.close()));
}, 180_000);

/** A client of the server of this run, closed at the end of the file. All that it sends is watched. */
export function newClient(options: MongoClientOptions = {}): MongoClient {
  return watch(opened({ ...options, ...watchable }));
}

let shared: MongoClient | undefined;
let nobodys: MongoClient | undefined;

/** A database of this file, on a client that all its tests share; dropped at the end where the server stays. */
export function newDatabase(client?: MongoClient): Db {
  shared ??= newClient();
  const database = (client ?? shared).db(`everdraft-${randomBytes(6).toString("hex")}`);
  databases.push(database);
  return database;
}

/** The same database for what people do by hand, which nobody watches. */
export function byHand({ databaseName }: Db): Db {
  nobodys ??= opened({});
  return nobodys.db(databaseName);
}

function opened(options: MongoClientOptions): MongoClient {
  const client = new MongoClient(workerMongo().uri, options);
  clients.push(client);
  return client;
}
