import { AsyncResource } from "node:async_hooks";
import { checkStoreOptions } from "../context/check-options.ts";
import { createClock } from "../context/clock.ts";
import { deadlineOfEach } from "../context/deadline.ts";
import { createOpening } from "../context/opening.ts";
import type { StoreOptions } from "../context/options.ts";
import type { Resources } from "../context/resources.ts";
import { createStateCache } from "../context/state-cache.ts";
import { type Wait, wait as waitByTimers } from "../context/wait.ts";
import { ClosedError } from "../errors/closed-error.ts";
import { createSchema } from "../fold/migrate.ts";
import { createIds } from "../model/event-id.ts";
import { plainOrder } from "../model/sort-order.ts";
import type { StoredCollection } from "../port/storage.ts";
import { valueTypes } from "../value/value-type.ts";
import { createRowKeeper } from "../views/row-keeper.ts";
import { sweep } from "../views/sweep.ts";
import { createViewKeeper } from "../views/view-keeper.ts";
import { createBatcher } from "../write/batcher.ts";
import { createDocumentQueues } from "../write/document-queues.ts";
import { createRounds } from "../write/round.ts";
import { createSnapshotKeeper } from "../write/snapshot-keeper.ts";
import { createStoreChain } from "../write/store-chain.ts";
import type { StoreParts } from "../write/store-parts.ts";

const defaultCacheBytes = 64 * 1024 * 1024;

/** Puts a store together. Nothing is opened before the first call. Throws OptionsError. */
export function createParts(options: StoreOptions<never, never>, wait: Wait = waitByTimers): StoreParts {
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
    if (options.sweep ?? (!capabilities.atomic || rows.projections.length > 0))
      void track(Promise.resolve().then(sweepOnce));
    return opened;
  };

  const { clock: own } = options;
  const clock = createClock(own && (() => atHome(own)), storage);
  const newId = createIds(clock.now);
  const resources: Resources = {
    collection,
    types,
    kinds: capabilities.idKinds,
    order: { kinds: capabilities.idKinds, values: capabilities.valueOrder ?? plainOrder },
    rowsWithEvents: capabilities.rowsWithEvents === true,
    scans: capabilities.scans === true,
    schema: createSchema(
      options.schemaVersion ?? 1,
      options.migrations === undefined ? {} : options.migrations,
      types,
    ),
    limits: {
      eventBytes: Math.min(limits?.eventBytes ?? Number.POSITIVE_INFINITY, capabilities.eventBytes),
      stateBytes: Math.min(limits?.stateBytes ?? Number.POSITIVE_INFINITY, capabilities.stateBytes),
    },
    clock,
    wait,
    newEventId: () => atHome(newId),
    cache: createStateCache(
      options.cache?.maxBytes ?? defaultCacheBytes,
      types,
      () => storage.changes?.() ?? 0,
    ),
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
  const storeChain = createStoreChain(resources, { batcher, views, rows, snapshots });
  const queues = createDocumentQueues(createRounds({ resources, views, storeChain }), atHome);

  const track = <V>(work: Promise<V>): Promise<V> => {
    tracked.add(work);
    const done = (): boolean => tracked.delete(work);
    work.then(done, done);
    return work;
  };

  const sweepOnce = async (): Promise<void> => {
    try {
      await sweep({ resources, views, rows }, deadlineOfEach({ signal: ending.signal }));
    } catch (cause) {
      if (!ending.signal.aborted) resources.notice({ type: "sweep-failed", cause });
    }
  };

  const closed = (): ClosedError => new ClosedError({ what: "store", name: collection });

  return {
    resources,
    views,
    rows,
    snapshots,
    storeChain,
    queues,
    track,
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
