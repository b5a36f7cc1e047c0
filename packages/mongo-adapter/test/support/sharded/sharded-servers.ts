import "../time-limits.ts";
import { randomBytes } from "node:crypto";
import { findProgram, type OwnServer, startServer } from "@everdraft/test-server";
import type { StorageFixture } from "@everdraft/testkit";
import { type Db, MongoClient } from "mongodb";
import { afterAll, beforeAll } from "vitest";
import { mongoStorage } from "../../../src/index.ts";
import { gaps } from "../gaps.ts";
import { samples } from "../samples.ts";
import { watch, watchable } from "../watch.ts";
import { type Router, startRouter } from "./router.ts";

/** Three servers behind a router, for the tests of a file. */
export interface ShardedServers {
  /** The storage on the router. */
  readonly fixture: StorageFixture;
  readonly router: () => Router;
  /** A client of the router. */
  readonly client: () => MongoClient;
  /** A database, as the router shows it. */
  database(): Db;
  /** The part of a database that each of the servers has. */
  parts(db: Db): readonly Db[];
}

const count = 3;

/** Starts them, and ends them when the tests of the file are done. */
export function shardedServers(name: string): ShardedServers {
  let servers: readonly OwnServer[] = [];
  let direct: readonly MongoClient[] = [];
  let router: Router;
  let client: MongoClient;
  beforeAll(async () => {
    const program = await findProgram();
    console.log(`Three servers of this file's own: ${program.what}`);
    servers = await Promise.all(Array.from({ length: count }, () => startServer(program)));
    direct = servers.map(({ uri }) => new MongoClient(uri));
    router = await startRouter(servers.map(({ uri }) => uri));
    client = watch(new MongoClient(router.uri, watchable));
  });
  afterAll(async () => {
    await Promise.all([client, ...direct].map((one) => one?.close()));
    await router?.stop();
    await Promise.all(servers.map((server) => server.stop()));
  });
  const database = (): Db => client.db(`everdraft-${randomBytes(6).toString("hex")}`);
  const open: StorageFixture["open"] = async () => {
    const db = database();
    const storage = mongoStorage(db);
    return { storage, close: () => storage.close(), reopen: async () => mongoStorage(db) };
  };
  return {
    fixture: { name, samples, gaps, open },
    router: () => router,
    client: () => client,
    database,
    parts: ({ databaseName }) => direct.map((one) => one.db(databaseName)),
  };
}
