// The code that the demo prints, so it says no more than a reader needs; tests execute it.
// #region quick
import assert from "node:assert/strict";
import { createStore, type Revision } from "@everdraft/core";
import { sqliteStorage } from "@everdraft/sqlite-adapter";

export async function quick(file: string, id: string, from: AsyncIterable<Revision<object>>): Promise<void> {
  const storage = sqliteStorage(file);
  const store = createStore<object>({ collection: "files", storage });
  await store.import(from);

  for await (const event of store.history(id, { order: "newest", limit: 12 })) {
    console.log(event.version, event.at, event.by, event.patches);
  }
  const then = await store.stateAt(id, new Date("2022-01-01"));
  console.log(then, await store.diff(id, new Date("2022-01-01"), new Date("2024-01-01")));

  const reverted = await store.revert(id, "demo", new Date("2022-01-01"));
  assert.deepEqual(reverted.state, then);
  await store.revert(id, "demo", { version: reverted.version - 1 });
  await storage.close();
}
// #endregion quick
