import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Revision } from "@everdraft/core";
import { makeOrder } from "./documents.ts";
import { spread } from "./harness.ts";
import { realLines, revisionsOf } from "./real-histories.ts";
import { printHeading, printRow } from "./report.ts";
import { inFolder, onStore, sizeName } from "./scratch.ts";

/** The heap that cached documents take. */
export interface Cached {
  readonly heap: number;
  /** The canonical bytes of their states. */
  readonly bytes: number;
}

const child = fileURLToPath(new URL("./cache-heap-child.js", import.meta.url));
const aim = { at: "most", value: 3 } as const;

/** The heap that a cached document takes, measured in a process that reads many of them. */
export async function measureCacheHeap(): Promise<void> {
  printHeading("Heap of a cached document for each canonical byte of its state, after a collection");
  for (const [bytes, count] of [[1_000, 10_000] as const, [20_000, 1_000] as const]) {
    await measure(`cached documents of ${sizeName(bytes)}`, orders(bytes, count));
  }
  // each revision as a document of its own: states as they are in life
  const lines = await realLines();
  const sample = lines.filter((_, i) => i % Math.ceil(lines.length / 1_000) === 0);
  await measure("cached real documents", real(sample));
}

function* orders(bytes: number, count: number): Generator<Revision<object>> {
  for (let i = 0; i < count; i++) {
    yield { id: `order-${i}`, at: new Date(i), by: "alice", state: makeOrder(bytes, i) };
  }
}

function* real(lines: readonly string[]): Generator<Revision<object>> {
  let next = 0;
  for (const { state } of revisionsOf(lines)) {
    if (state !== null) yield { id: `file-${next++}`, at: new Date(next), by: "alice", state };
  }
}

const measure = (what: string, revisions: Iterable<Revision<object>>): Promise<void> =>
  inFolder(async (folder) => {
    const file = join(folder, "cache.db");
    await onStore<object>(file, async ({ store }) => {
      await store.import(revisions);
    });
    const reading = fork(child, [file], { execArgv: ["--expose-gc"] });
    const [cached] = (await once(reading, "message")) as [Cached];
    const note = `${(cached.heap / 1e6).toFixed(1)} MB for ${(cached.bytes / 1e6).toFixed(1)} MB`;
    printRow({ what, figure: spread([cached.heap / cached.bytes]), unit: "x", aim, note });
  });
