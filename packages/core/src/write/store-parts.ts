import type { Resources } from "../context/resources.ts";
import type { Signal } from "../port/call.ts";
import type { RowKeeper } from "../views/row-keeper.ts";
import type { ViewKeeper } from "../views/view-keeper.ts";
import type { DocumentQueues } from "./document-queues.ts";
import type { SnapshotKeeper } from "./snapshot-keeper.ts";
import type { StoreChain } from "./store-chain.ts";

/** The parts of one store, and its end. */
export interface StoreParts {
  readonly resources: Resources;
  readonly views: ViewKeeper;
  readonly rows: RowKeeper;
  readonly snapshots: SnapshotKeeper;
  /** The one way by which events get into the log. */
  readonly storeChain: StoreChain;
  readonly queues: DocumentQueues;
  /** Aborts when the store is closed, with the ClosedError for the calls under way. */
  readonly ending: Signal;
  /** Throws ClosedError once the store is closed. */
  readonly refuseClosed: () => void;
  /** Keeps closing waiting for work that no queue holds. */
  readonly track: <V>(work: Promise<V>) => Promise<V>;
  /** Waits for all work under way and ends the store. */
  readonly close: () => Promise<void>;
}
