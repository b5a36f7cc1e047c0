import { ClosedError } from "../errors/closed-error.ts";
import { numberId, stringId } from "../model/document-id.ts";
import type { Capabilities } from "../port/capabilities.ts";
import type { RowStore } from "../port/row-store.ts";
import type { Storage, StoredCollection } from "../port/storage.ts";
import { refuseUnknownOptions } from "../value/known-options.ts";
import { valueTypes } from "../value/value-type.ts";
import { memoryCheckpoints } from "./checkpoint-store.ts";
import { memoryLog } from "./event-log.ts";
import { memoryRows } from "./row-store.ts";
import { memorySnapshots } from "./snapshot-store.ts";
import { memoryViews } from "./view-store.ts";

const capabilities: Capabilities = {
  idKinds: [numberId, stringId],
  valueTypes: [],
  atomic: false,
  scans: true,
  eventBytes: 15 * 1024 * 1024,
  stateBytes: 15 * 1024 * 1024,
};

/**
 * A storage in this process's memory, for tests and trials: everything is gone when the process ends. The
 * port at its simplest, and the one to read beside docs/writing-an-adapter.md.
 *
 * @example
 * const store = createStore<Order>({ collection: "orders", storage: memoryStorage() });
 */
export function memoryStorage(): Storage<string | number>;
export function memoryStorage(options?: object): Storage<string | number> {
  refuseUnknownOptions(options, {}, "memoryStorage");
  const collections = new Map<string, StoredCollection>();
  let closed = false;
  const refuseClosed = (): void => {
    if (closed) throw new ClosedError({ what: "storage", name: "memory storage" });
  };
  const close = async (): Promise<void> => {
    closed = true;
  };
  return {
    name: "memory",
    capabilities,
    open: async (name) => {
      refuseClosed();
      let collection = collections.get(name);
      if (collection === undefined) {
        collection = memoryCollection(refuseClosed);
        collections.set(name, collection);
      }
      return collection;
    },
    collections: async () => {
      refuseClosed();
      return [...collections.keys()].sort();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function memoryCollection(refuseClosed: () => void): StoredCollection {
  const { idKinds } = capabilities;
  const views = memoryViews(idKinds, valueTypes(capabilities.valueTypes), refuseClosed);
  const log = memoryLog(idKinds, views, refuseClosed);
  const snapshots = memorySnapshots(refuseClosed);
  const rows = new Map<string, RowStore>();
  return {
    log,
    views,
    snapshots,
    checkpoints: memoryCheckpoints(refuseClosed),
    rows: async (name) => {
      refuseClosed();
      const found = rows.get(name) ?? memoryRows(idKinds, refuseClosed);
      rows.set(name, found);
      return found;
    },
    dropRows: async (name) => {
      refuseClosed();
      rows.delete(name);
    },
    facts: async (call) => ({
      engine: "memory",
      events: (await log.changes({ order: "oldest", limit: Number.POSITIVE_INFINITY }, call)).length,
      views: await views.count({}, call),
      snapshots: snapshots.count(),
      bytes: undefined,
      abilities: { atomicViews: capabilities.atomic },
      problems: [],
    }),
  };
}
