import {
  createStore,
  type ErrorCode,
  type EverdraftError,
  IndeterminateError,
  StorageBusyError,
  StorageCorruptError,
  StorageError,
  StorageFullError,
  StorageOutdatedError,
  StorageReadOnlyError,
  StorageReplacedError,
} from "@everdraft/core";
import type { Failure, Storage } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { orders } from "../store-sections/store-bench.ts";
import type { ErrorClass, RefusedRow } from "./row.ts";
import type { Doc, Scene } from "./scene.ts";

type Kind = new (failure: Failure) => EverdraftError;

const kinds: readonly (readonly [Kind, ErrorCode])[] = [
  [StorageError, "storage"],
  [StorageBusyError, "storage_busy"],
  [StorageReadOnlyError, "storage_read_only"],
  [StorageFullError, "storage_full"],
  [StorageCorruptError, "storage_corrupt"],
];
const remedy = /Look at the storage/;

function refusal(kind: Kind): EverdraftError {
  return new kind({
    operation: "store events",
    reason: "the test wants it so",
    remedy: "Look at the storage.",
  });
}

const commits = kinds.map(([kind, code]): RefusedRow => {
  return {
    title: `a storage that refuses an event: ${code}`,
    error: kind as ErrorClass,
    code,
    provoke: (scene) => {
      const commit = async () => [{ event: "refused", error: refusal(kind) } as const];
      return scene.over(() => ({ log: { commit } })).edit("d", "bob", (draft) => void draft.n++);
    },
    details: { operation: "store events" },
    remedy,
  };
});

const replaced = (inDoubt: boolean) =>
  new StorageReplacedError({
    operation: "store events",
    reason: "its file was taken away",
    remedy: "Look at the storage.",
    inDoubt,
  });
const takenAway: readonly RefusedRow[] = [
  {
    title: "a storage whose file was taken away before an event was stored",
    error: StorageReplacedError,
    code: "storage_replaced",
    provoke: (scene) => {
      const commit = async () => [{ event: "refused", error: replaced(false) } as const];
      return scene.over(() => ({ log: { commit } })).edit("d", "bob", (draft) => void draft.n++);
    },
    details: { operation: "store events", inDoubt: false },
    remedy,
  },
  {
    // it is sent once, and its slot is asked for once: a storage that has ended gives no other answer later
    title: "a storage whose file was taken away right after an event was stored",
    error: IndeterminateError,
    code: "indeterminate",
    provoke: async (scene) => {
      let sent = 0;
      const commit = async () => {
        sent++;
        return [{ event: "unknown", cause: replaced(true) } as const];
      };
      const ended = () => Promise.reject(replaced(false));
      const store = scene.over((beneath) => ({
        log: {
          commit,
          read: (...given) => (sent === 0 ? beneath.log.read(...given) : ended()),
          head: (...given) => (sent === 0 ? beneath.log.head(...given) : ended()),
        },
      }));
      return store.edit("d", "bob", (draft) => void draft.n++).finally(() => expect(sent).toBe(1));
    },
    details: { id: "d", version: 3 },
    remedy: /Ask resolve\(id, /,
  },
];

/** A storage that cannot be opened the first time. */
function openedLate(storage: Storage<string>, error: Error): Storage<string> {
  let tries = 0;
  return {
    ...storage,
    open: (...given) => (++tries === 1 ? Promise.reject(error) : storage.open(...given)),
  };
}

const outdated = new StorageOutdatedError({
  engine: "The engine",
  found: "1.0",
  needed: "2.0",
  reason: "it is too old",
  remedy: "Look at the storage, and update it.",
});
const stores = new WeakMap<Scene, Scene["store"]>();
const opening: RefusedRow = {
  title: "a storage that cannot be opened yet",
  error: StorageOutdatedError,
  code: "storage_outdated",
  provoke: (scene) => {
    const storage = openedLate(scene.bench.storage, outdated);
    const store = createStore<Doc>({ collection: orders, storage, clock: scene.bench.clock.read });
    stores.set(scene, store);
    return store.ready();
  },
  // the same store tries again, and goes on
  goOn: async (scene) => stores.get(scene) as Scene["store"],
  once: true,
  details: { found: "1.0", needed: "2.0" },
  remedy,
};

/** An error of a storage is passed on as it is. */
export const storageRows: readonly RefusedRow[] = [...commits, ...takenAway, opening];
