import { argv, memoryUsage } from "node:process";
import { setTimeout } from "node:timers/promises";
import { createStore } from "@everdraft/core";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import { openBare } from "./bare.ts";
import type { Cached } from "./cache-heap.ts";
import { collection } from "./scratch.ts";

/*
 * The process that cache-heap.ts starts and measures: it reads all documents of the file that it is given into the cache.
 */

const [file] = argv.slice(2) as [string];
const engine = openBare(file);
const ids = engine.prepare(`SELECT id, length(state) AS bytes FROM "${collection}"`).all() as {
  id: string;
  bytes: number;
}[];
engine.close();

async function held(): Promise<number> {
  // finalizers run between collections
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await setTimeout(10);
  }
  const { heapUsed, external, arrayBuffers } = memoryUsage();
  return heapUsed + Math.max(external, arrayBuffers);
}

const storage = sqliteStorage(file);
const store = createStore({ collection, storage, cache: { maxBytes: Number.MAX_SAFE_INTEGER } });
// all code is loaded and compiled before
await store.read(ids[0]?.id as string);
const before = await held();
for (const { id } of ids.slice(1)) await store.read(id);
const heap = (await held()) - before;
const cached: Cached = { heap, bytes: ids.slice(1).reduce((sum, { bytes }) => sum + bytes, 0) };
await store.close();
await storage.close();
process.send?.(cached);
