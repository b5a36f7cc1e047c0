import { createStore, type Store } from "@everdraft/core";
import type { Scene } from "@everdraft/testkit";
import type { Connection } from "../../src/engine/connection.ts";
import { sqliteStorage } from "../../src/index.ts";
import { newPath, rawAt, storageAt } from "./fixtures.ts";

/** The file of a storage under test, and the connection through which it is used. */
export interface FileUnderTest {
  readonly path: string;
  readonly connection: Connection;
}

/** By storage. */
export const filesUnderTest = new WeakMap<object, FileUnderTest>();

/** The documents of files of their own. */
export type Counter = { n: number };

/** The file of a scene. */
export function fileOf({ bench }: Scene): FileUnderTest {
  const file = filesUnderTest.get(bench.storage);
  if (file === undefined) throw new Error("the storage is not of this test");
  return file;
}

/** A store on a file, whose storage is closed after the test. */
export function storeAt(path: string, collection = "orders"): Store<Counter> {
  return createStore<Counter>({ collection, storage: storageAt(path) });
}

/** A recipe that changes any document. */
export function bump(draft: object): void {
  Object.assign(draft, { n: 99 });
}

/** Runs SQL on the scene's file, behind the library's back. */
export function runRaw(scene: Scene, sql: string): void {
  const raw = rawAt(fileOf(scene).path);
  raw.exec(sql);
  raw.close();
}

/** While another connection holds the file's lock. */
export async function whileLocked(scene: Scene, use: () => Promise<unknown>): Promise<unknown> {
  const other = rawAt(fileOf(scene).path);
  other.exec("BEGIN IMMEDIATE");
  try {
    return await use();
  } finally {
    other.exec("COMMIT");
  }
}

/** A file of its own with one document, closed. */
export async function otherFile(): Promise<string> {
  const path = newPath("other.db");
  const storage = sqliteStorage(path);
  const store = createStore<Counter>({ collection: "orders", storage });
  await store.create("d", "alice", { n: 1 });
  await store.close();
  await storage.close();
  return path;
}
