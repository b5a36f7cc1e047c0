import { AsyncResource } from "node:async_hooks";
import { ClosedError } from "../errors/closed-error.ts";
import { createSchema } from "../fold/migrate.ts";
import { createIds } from "../model/event-id.ts";
import { plainOrder } from "../model/sort-order.ts";
import { valueTypes } from "../model/value-type.ts";
import type { Signal } from "../port/call.ts";
import type { StoredCollection } from "../port/storage.ts";
import { type Batcher, createBatcher } from "./batcher.ts";
import { checkStoreOptions } from "./check-options.ts";
import { createClock } from "./clock.ts";
import { createDocumentQueues, type DocumentQueues } from "./document-queues.ts";
import { limitEach } from "./limit.ts";
import { createOpening } from "./opening.ts";
import type { StoreOptions } from "./options.ts";
import type { Resources } from "./resources.ts";
import { createRowKeeper, type RowKeeper } from "./row-keeper.ts";
import { createSnapshotKeeper, type SnapshotKeeper } from "./snapshot-keeper.ts";
import { createStateCache } from "./state-cache.ts";
import { sweep } from "./sweep.ts";
import { createViewKeeper, type ViewKeeper } from "./view-keeper.ts";

/** The parts of one store, and its end. */
export interface StoreParts {
  readonly resources: Resources;
  readonly batcher: Batcher;
  readonly views: ViewKeeper;
  readonly rows: RowKeeper;
  readonly snapshots: SnapshotKeeper;
  readonly queues: DocumentQueues;
  /** Aborts when the store is closed, with the ClosedError for what is under way. */
  readonly ending: Signal;
  /** Throws ClosedError once the store is closed. */
  readonly refuseClosed: () => void;
  /** Keeps closing waiting for work that no queue holds. */
  readonly track: <V>(work: Promise<V>) => Promise<V>;
  /** Waits for what is under way and ends the store. */
  readonly close: () => Promise<void>;
}

const defaultCacheBytes = 64 * 1024 * 1024;

/** Puts a store together. Nothing is opened before the first call. Throws OptionsError. */
export function createParts(options: StoreOptions<never, never>): StoreParts {
  checkStoreOptions(options);
  const { storage, collection, limits, onNotice } = options;
  const { capabilities } = storage;
  const types = valueTypes(capabilities.valueTypes);
  const home = new AsyncResource("everdraft.store");
  const atHome: Resources["atHome"] = (work) => home.runInAsyncScope(work);
  let closing: Promise<void> | undefined;
  const ending = new AbortController();
  const tracked = new Set<Promise<unknown>>();

  const open = async (call: Parameters<typeof storage.open>[1]): Promise<StoredCollection> => {
    const opened = await storage.open(collection, call);
    await rows.prepare(opened, call);
    // where a crash could have left views or rows behind, they are brought forward in the background
    if (!capabilities.atomic || rows.projections.length > 0) void track(Promise.resolve().then(sweepOnce));
    return opened;
  };

  const clock = createClock(options.clock, storage);
  const newId = createIds(clock.now);
  const resources: Resources = {
    ...{ collection, types, kinds: capabilities.idKinds, atomic: capabilities.atomic },
    order: { kinds: capabilities.idKinds, values: capabilities.valueOrder ?? plainOrder },
    ...{ rowsWithEvents: capabilities.rowsWithEvents === true, scans: capabilities.scans === true },
    schema: createSchema(
      options.schemaVersion ?? 1,
      options.migrations === undefined ? {} : options.migrations,
      types,
    ),
    limits: {
      eventBytes: Math.min(limits?.eventBytes ?? Number.POSITIVE_INFINITY, capabilities.eventBytes),
      stateBytes: Math.min(limits?.stateBytes ?? Number.POSITIVE_INFINITY, capabilities.stateBytes),
    },
    ...{ clock, newEventId: () => atHome(newId) },
    cache: createStateCache(options.cache?.maxBytes ?? defaultCacheBytes, types),
    notice: (notice) => {
      // a listener's mistake decides nothing about a call, nor about the process where it is asynchronous
      void (async () => onNotice?.(notice))().catch(() => undefined);
    },
    opened: createOpening((call) => atHome(() => open(call))),
    atHome,
  };
  const batcher = createBatcher(resources);
  const rows = createRowKeeper(resources, options.projections ?? []);
  const views = createViewKeeper(resources, rows);
  const snapshots = createSnapshotKeeper(resources);
  const queues = createDocumentQueues(resources, batcher, { views, rows, snapshots });

  const track = <V>(work: Promise<V>): Promise<V> => {
    tracked.add(work);
    const done = (): boolean => tracked.delete(work);
    work.then(done, done);
    return work;
  };

  const sweepOnce = async (): Promise<void> => {
    try {
      await sweep({ resources, views, rows }, limitEach({ signal: ending.signal }));
    } catch (cause) {
      if (!ending.signal.aborted) resources.notice({ type: "sweep-failed", cause });
    }
  };

  const closed = (): ClosedError =>
    new ClosedError(`The store of ${JSON.stringify(collection)} was closed. Make a new one.`, {
      what: "store",
    });

  return {
    ...{ resources, batcher, views, rows, snapshots, queues, track },
    ending: ending.signal,
    refuseClosed: () => {
      if (closing !== undefined) throw closed();
    },
    close: () => {
      closing ??= (async () => {
        ending.abort(closed());
        await Promise.allSettled(tracked);
        await queues.drained();
        await Promise.all([snapshots.settled(), views.close()]);
      })();
      return closing;
    },
  };
}
