import {
  createStore,
  type ErrorCode,
  type EverdraftError,
  StorageBusyError,
  StorageCorruptError,
  StorageError,
  StorageFullError,
  StorageOutdatedError,
  StorageReadOnlyError,
} from "@everdraft/core";
import type { Storage } from "@everdraft/core/adapter";
import { orders } from "../store-sections/store-bench.ts";
import type { ErrorClass, RefusedRow } from "./row.ts";
import type { Doc, Scene } from "./scene.ts";

type Kind = new (message: string, details: { operation: string }) => EverdraftError;

const kinds: readonly (readonly [Kind, ErrorCode])[] = [
  [StorageError, "storage"],
  [StorageBusyError, "storage_busy"],
  [StorageReadOnlyError, "storage_read_only"],
  [StorageFullError, "storage_full"],
  [StorageCorruptError, "storage_corrupt"],
];
const remedy = /Look at the storage/;

function refusal(kind: Kind): EverdraftError {
  return new kind("Could not store events. Look at the storage.", { operation: "store events" });
}

const commits = kinds.map(([kind, code]): RefusedRow => {
  return {
    ...{ title: `a storage that refuses an event: ${code}`, error: kind as ErrorClass, code },
    provoke: (scene) => {
      const commit = async () => [{ event: "refused", error: refusal(kind) } as const];
      return scene.over(() => ({ log: { commit } })).edit("d", "bob", (draft) => void draft.n++);
    },
    ...{ details: { operation: "store events" }, remedy },
  };
});

/** A storage that cannot be opened the first time. */
function openedLate(storage: Storage<string>, error: Error): Storage<string> {
  let tries = 0;
  return {
    ...storage,
    open: (...given) => (++tries === 1 ? Promise.reject(error) : storage.open(...given)),
  };
}

const outdated = new StorageOutdatedError("The engine is too old. Look at the storage, and update it.", {
  found: "1.0",
  needed: "2.0",
});
const stores = new WeakMap<Scene, Scene["store"]>();
const opening: RefusedRow = {
  ...{ title: "a storage that cannot be opened yet", error: StorageOutdatedError, code: "storage_outdated" },
  provoke: (scene) => {
    const storage = openedLate(scene.bench.storage, outdated);
    const store = createStore<Doc>({ collection: orders, storage, clock: scene.bench.clock.read });
    stores.set(scene, store);
    return store.ready();
  },
  // the same store tries again, and goes on
  goOn: async (scene) => stores.get(scene) as Scene["store"],
  ...{ details: { found: "1.0", needed: "2.0" }, remedy },
};

/** What a storage refuses is passed on as it is. */
export const storageRows: readonly RefusedRow[] = [...commits, opening];
