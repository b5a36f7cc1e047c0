import { type CallOptions, createStore, type Notice, type Store, type StoreOptions } from "@everdraft/core";
import type { Call, Storage, StoredCollection } from "@everdraft/core/adapter";
import type { OpenedStorage, StorageFixture } from "../fixture.ts";
import { type TestClock, testClock } from "../given/test-clock.ts";
import type { Section } from "../sections/section.ts";
import type { Order } from "./order.ts";

/** The bench of a store check: a fresh storage, the port beneath, and stores on it. */
export interface StoreBench {
  readonly fixture: StorageFixture;
  readonly opened: OpenedStorage;
  /**
   * The storage; checks that look beneath wrap it. Stores without projections do not sweep when they open: such a sweep
   * would race the values that a check compares. Checks of that sweep ask for it.
   */
  readonly storage: Storage<string>;
  /** The collection of `open`, as an adapter gives it. */
  readonly port: StoredCollection;
  /** The clock of all stores of the check that are not given another. */
  readonly clock: TestClock;
  /** The notices of all stores of the check. */
  readonly notices: Notice[];
  /**
   * Makes a store, closed at the end of the check. Each one is like the store of another process: it has its own cache and
   * queues.
   */
  open<T extends object = Order>(options?: Partial<StoreOptions<T>>): Store<T>;
}

/** The checks about one question of the store. */
export type StoreSection = Section<StoreBench>;

/** The bounds of the calls that checks make to the port. */
export const portCall: Call = { timeoutMs: 60_000 };

/** For calls of which hundreds are made at once: some of them wait for all of the others. */
export const patient: CallOptions = { timeoutMs: 120_000 };

/** The collection of all stores that are not given another. */
export const orders = "orders";

/** Opens a fresh storage, runs a check on it, and closes everything whatever happened. */
export async function onFreshStore(
  fixture: StorageFixture,
  prove: (bench: StoreBench) => Promise<void>,
): Promise<void> {
  const opened = await fixture.open();
  const stores: AsyncDisposable[] = [];
  try {
    await prove(await benchOn(fixture, opened, stores));
  } finally {
    await Promise.allSettled(stores.map((store) => store[Symbol.asyncDispose]()));
    await opened.close();
  }
}

async function benchOn(
  fixture: StorageFixture,
  opened: OpenedStorage,
  stores: AsyncDisposable[],
): Promise<StoreBench> {
  const { storage } = opened;
  const [clock, notices, port] = [testClock(), [] as Notice[], await storage.open(orders, portCall)];
  const onNotice = (notice: Notice): void => {
    notices.push(notice);
  };
  return {
    fixture,
    opened,
    storage,
    port,
    clock,
    notices,
    open<T extends object = Order>(options: Partial<StoreOptions<T>> = {}) {
      const store = createStore<T>({
        collection: orders,
        storage,
        clock: clock.read,
        onNotice,
        // a look for late views in the background would be in the way of checks that count or compare
        sweep: options.projections !== undefined,
        ...options,
      });
      stores.push(store);
      return store;
    },
  };
}
