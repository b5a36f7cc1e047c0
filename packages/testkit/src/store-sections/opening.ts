import { StorageBusyError, StorageError, TimeoutError } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { librarySection } from "../sections/section.ts";
import { order } from "./order.ts";
import type { StoreSection } from "./store-bench.ts";
import { wrapStorage } from "./wrap-storage.ts";

/** The opening of the storage, which all calls of a store share. */
export const opening: StoreSection = librarySection("the opening that calls wait for together", {
  "neither the time nor the signal of the call that comes first decides for the others": async (bench) => {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const beneath = wrapStorage(bench.storage, () => ({}));
    const limits: unknown[] = [];
    const storage = {
      ...beneath,
      open: async (...given: Parameters<typeof beneath.open>) => {
        limits.push(given[1]);
        await opened;
        return beneath.open(...given);
      },
    };
    const store = bench.open({ storage });
    const controller = new AbortController();
    const reason = new Error("the client went away");
    const first = store.get("a", { signal: controller.signal });
    const second = store.get("b", { timeoutMs: 20 });
    const others = [
      store.get("c"),
      store.create("d", "alice", order()),
      store.find().toArray(),
      store.count(),
    ];
    controller.abort(reason);
    await expect(first).rejects.toBe(reason);
    await expect(second).rejects.toMatchObject({ code: "timeout" });
    open();
    expect(await Promise.all(others)).toMatchObject([undefined, { version: 1 }, [], 0]);
    // it has a time of its own, and nobody's signal
    expect(limits).toEqual([{ timeoutMs: 10_000 }]);
  },

  "an opening that only took too long is tried again for the calls that have time left": async (bench) => {
    const beneath = wrapStorage(bench.storage, () => ({}));
    const fails = [
      new StorageBusyError({ operation: "open", reason: "the file is locked", remedy: "Try again." }),
      new TimeoutError({ id: undefined, timeoutMs: 1 }),
    ];
    const storage = {
      ...beneath,
      open: async (...given: Parameters<typeof beneath.open>) => {
        const fault = fails.shift();
        if (fault !== undefined) throw fault;
        return beneath.open(...given);
      },
    };
    const store = bench.open({ storage });
    expect(await Promise.all([store.create("a", "alice", order()), store.get("b")])).toMatchObject([
      { version: 1 },
      undefined,
    ]);
    expect(fails).toEqual([]);
  },

  "an opening that failed is tried again by the next call": async (bench) => {
    const beneath = wrapStorage(bench.storage, () => ({}));
    const cause = new StorageError({ operation: "open", reason: "the disk is away", remedy: "Put it back." });
    let fails = true;
    const storage = {
      ...beneath,
      open: async (...given: Parameters<typeof beneath.open>) => {
        if (fails) throw cause;
        return beneath.open(...given);
      },
    };
    const store = bench.open({ storage });
    await expect(Promise.all([store.get("a"), store.get("b")])).rejects.toBe(cause);
    fails = false;
    expect(await store.create("a", "alice", order())).toMatchObject({ version: 1 });
  },
});
