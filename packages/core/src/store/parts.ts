import { checkStoreOptions } from "../context/check-options.ts";
import type { StoreOptions } from "../context/options.ts";
import { type Wait, wait as waitByTimers } from "../context/wait.ts";
import { ClosedError } from "../errors/closed-error.ts";
import type { Call } from "../port/call.ts";
import { deadlineOfEach } from "../port/deadline.ts";
import type { StoredCollection } from "../port/storage.ts";
import { createRowKeeper } from "../views/row-keeper.ts";
import { sweep } from "../views/sweep.ts";
import { createViewKeeper } from "../views/view-keeper.ts";
import { createBatcher } from "../write/batcher.ts";
import { createDocumentQueues } from "../write/document-queues.ts";
import { createRounds } from "../write/round.ts";
import { createSnapshotKeeper } from "../write/snapshot-keeper.ts";
import { createStoreChain } from "../write/store-chain.ts";
import type { StoreParts } from "../write/store-parts.ts";
import { createIndexBuilder, wantedIndexes } from "./keep-indexes.ts";
import { createLifetime } from "./lifetime.ts";
import { makeResources } from "./make-resources.ts";

/** Puts a store together. Nothing is opened before the first call. Throws OptionsError. */
export function createParts(options: StoreOptions<never, never>, wait: Wait = waitByTimers): StoreParts {
  checkStoreOptions(options);
  const { storage, collection } = options;
  const closed = (): ClosedError => new ClosedError({ what: "store", name: collection });
  const { ending, refuseClosed, track, close } = createLifetime(closed);

  const open = async (call: Call): Promise<StoredCollection> => {
    const opened = await storage.open(collection, call);
    await indexes.begin(opened, call);
    await rows.prepare(opened, call);
    await indexes.add(opened, call);
    void track(Promise.resolve().then(() => indexes.build(opened)));
    // where a crash could have left views or rows behind, they are brought forward in the background
    if (options.sweep ?? (!storage.capabilities.atomic || rows.projections.length > 0))
      void track(Promise.resolve().then(sweepOnce));
    return opened;
  };

  const resources = makeResources(options, wait, open);
  const batcher = createBatcher(resources);
  const rows = createRowKeeper(resources, options.projections ?? []);
  const views = createViewKeeper(resources, rows);
  const indexes = createIndexBuilder(wantedIndexes(options), ending, resources.notice);
  const snapshots = createSnapshotKeeper(resources);
  const storeChain = createStoreChain(resources, { batcher, views, rows, snapshots });
  const queues = createDocumentQueues(createRounds({ resources, views, storeChain }), resources.atHome);

  const sweepOnce = async (): Promise<void> => {
    try {
      await sweep({ resources, views, rows }, deadlineOfEach({ signal: ending }));
    } catch (cause) {
      if (!ending.aborted) resources.notice({ type: "sweep-failed", cause });
    }
  };

  return {
    resources,
    views,
    rows,
    snapshots,
    storeChain,
    queues,
    track,
    ending,
    refuseClosed,
    close: () =>
      close(async () => {
        await queues.drained();
        await Promise.all([snapshots.settled(), views.close()]);
      }),
  };
}
