import { workerMongo } from "@everdraft/test-server/vitest";
import "./time-limits.ts";
import { randomBytes } from "node:crypto";
import type { StorageFixture } from "@everdraft/testkit";
import { MongoClient, type MongoClientOptions } from "mongodb";
import { afterAll, beforeAll } from "vitest";
import { mongoStorage } from "../../src/index.ts";
import { gaps } from "./gaps.ts";
import { type LoopbackProxy, type Manner, startProxy } from "./proxy.ts";
import { samples } from "./samples.ts";
import { watch, watchable } from "./watch.ts";

/** The server of this run as one of another manner, for the tests of a file. */
export interface BehindProxy {
  /** The storage on it. */
  readonly fixture: StorageFixture;
  readonly proxy: () => LoopbackProxy;
  readonly client: () => MongoClient;
}

/** Stands in front of the server of this run while the tests of a file run. */
export function behindProxy(name: string, manner: Manner, options: MongoClientOptions = {}): BehindProxy {
  let proxy: LoopbackProxy;
  let client: MongoClient;
  beforeAll(async () => {
    proxy = await startProxy(workerMongo().uri, manner);
    client = watch(new MongoClient(proxy.uri, { ...options, ...watchable }));
  });
  afterAll(async () => {
    await client?.close();
    await proxy?.stop();
  });
  const open: StorageFixture["open"] = async () => {
    const db = client.db(`everdraft-${randomBytes(6).toString("hex")}`);
    const storage = mongoStorage(db);
    return {
      storage,
      close: async () => {
        await storage.close();
        if (workerMongo().stays) await db.dropDatabase();
      },
      reopen: async () => mongoStorage(db),
    };
  };
  return { fixture: { name, samples, gaps, open }, proxy: () => proxy, client: () => client };
}
