import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStore, type Storage, type Store } from "@everdraft/core";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import type { Order } from "./documents.ts";

/** Runs work in a folder of its own, which is gone afterwards. TMPDIR says on which disk. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "everdraft-bench-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A store in an SQLite file, and the storage below it. */
export interface Opened<T extends object> {
  readonly store: Store<T>;
  readonly storage: Storage<string>;
}

/** The collection of the comparisons. */
export const collection = "orders";

/** Runs work on a store in an SQLite file. */
export async function onStore<T extends object = Order>(
  file: string,
  work: (opened: Opened<T>) => Promise<void>,
): Promise<void> {
  const storage = sqliteStorage(file);
  const store = createStore<T>({ collection, storage });
  try {
    await work({ store, storage });
  } finally {
    await store.close();
    await storage.close();
  }
}

/** A size in words. */
export function sizeName(bytes: number): string {
  return bytes < 1e6 ? `${bytes / 1e3} KB` : `${bytes / 1e6} MB`;
}
