import { argv, memoryUsage } from "node:process";
import { createStore } from "@everdraft/core";
import { rebuild } from "@everdraft/core/upkeep";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import type { Order } from "./documents.ts";
import type { Ended } from "./rebuild.ts";
import { collection } from "./scratch.ts";

/*
 * The process that rebuild.ts starts with a small heap and measures: it rebuilds the views of the file that it is given.
 */

const [file, stopAt] = argv.slice(2) as [string, string | undefined];
let heap = 0;
let firstRange: number | undefined;
let before: number | undefined;
const storage = sqliteStorage(file);
const store = createStore<Order>({ collection, storage, cache: { maxBytes: 0 } });
const start = performance.now();
await rebuild(store, {
  projection: "view",
  onProgress: ({ done }) => {
    heap = Math.max(heap, memoryUsage().heapUsed);
    // at the beginning it tells what was done before
    before ??= done;
    if (done > before) firstRange ??= performance.now() - start;
    if (stopAt !== undefined && done >= Number(stopAt)) process.kill(process.pid, "SIGKILL");
  },
});
const ended: Ended = { seconds: (performance.now() - start) / 1000, heap, firstRange: firstRange ?? 0 };
await store.close();
await storage.close();
process.send?.(ended);
