import type { RowStore, Storage, StoredCollection } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import type { OpenedStorage } from "../../src/index.ts";

/** The differences of a broken storage's collection. */
export type Break = (sound: StoredCollection) => {
  readonly log?: Partial<StoredCollection["log"]>;
  readonly views?: Partial<StoredCollection["views"]>;
  readonly snapshots?: Partial<StoredCollection["snapshots"]>;
  readonly checkpoints?: Partial<StoredCollection["checkpoints"]>;
  /** Of the rows of every projection. */
  readonly rows?: (sound: RowStore) => Partial<RowStore>;
};

/** A memory storage that is broken in one way. */
export function brokenBy(change: Break): OpenedStorage {
  const storage = changedBy(change, memoryStorage());
  return { storage, close: () => storage.close() };
}

/** The same, as one whose engine answers finds: a store does not sort for itself then. */
export function brokenEngine(change: Break): OpenedStorage {
  const { storage, close } = brokenBy(change);
  return { storage: { ...storage, capabilities: { ...storage.capabilities, scans: false } }, close };
}

/** A memory storage that has one collection, under all names. */
export function oneCollection(): OpenedStorage {
  const sound = memoryStorage();
  const storage: Storage<string> = { ...sound, open: (_, call) => sound.open("one", call) };
  return { storage, close: () => sound.close() };
}

/** A storage that is sound until it is closed, and broken in one way when it is opened again. */
export function brokenLater(change: Break): OpenedStorage {
  const kept: Storage<string> = { ...memoryStorage(), close: async () => undefined };
  return { storage: kept, close: kept.close, reopen: async () => changedBy(change, kept) };
}

function changedBy(change: Break, sound: Storage<string>): Storage<string> {
  return {
    ...sound,
    open: async (name, call) => {
      const collection = await sound.open(name, call);
      const changed = change(collection);
      return {
        log: { ...collection.log, ...changed.log },
        views: { ...collection.views, ...changed.views },
        snapshots: { ...collection.snapshots, ...changed.snapshots },
        checkpoints: { ...collection.checkpoints, ...changed.checkpoints },
        rows: async (...given) => {
          const rows = await collection.rows(...given);
          return { ...rows, ...changed.rows?.(rows) };
        },
        dropRows: collection.dropRows,
        facts: collection.facts,
      };
    },
  };
}

/** A storage that takes everything and keeps nothing. */
export function noopStorage(): OpenedStorage {
  const storage: Storage<string> = {
    name: "",
    capabilities: { idKinds: [], valueTypes: [], atomic: true, eventBytes: 0, stateBytes: 0 },
    collections: async () => [],
    clockOffset: async () => Number.NaN,
    open: async () => ({
      log: {
        commit: async (appends) => appends.map(() => ({ event: "stored", view: "current" })),
        read: async () => [],
        head: async () => undefined,
        positions: { newest: async () => undefined, behind: async () => [] },
        byId: async () => undefined,
        documents: async () => [],
        changes: async () => [],
      },
      views: {
        get: async (ids) => ids.map(() => undefined),
        write: async () => "current",
        find: async () => [],
        count: async () => 0,
      },
      snapshots: { around: async () => ({}), put: async () => undefined, drop: async () => undefined },
      checkpoints: {
        get: async () => undefined,
        put: async () => undefined,
        swap: async () => true,
        list: async () => [],
        remove: async () => undefined,
      },
      rows: async () => ({
        get: async (docs) => docs.map(() => undefined),
        write: async () => "current",
        find: async () => [],
        count: async () => 0,
        documents: async () => [],
      }),
      dropRows: async () => undefined,
      facts: async () => ({
        engine: "",
        events: 0,
        views: 0,
        snapshots: 0,
        bytes: undefined,
        abilities: {},
        problems: [],
      }),
    }),
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { storage, close: () => storage.close() };
}
