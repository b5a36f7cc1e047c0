import type { Revision, Store } from "@everdraft/core";
import type { Storage } from "@everdraft/core/adapter";
import { rebuild } from "@everdraft/core/upkeep";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { killedAfterEvents } from "./killed-writer.ts";
import { lines, writtenBefore } from "./line-rows.ts";
import { linesOf, type Order, order } from "./order.ts";
import { portCall, type StoreBench, type StoreSection } from "./store-bench.ts";
import { wrapStorage } from "./wrap-storage.ts";

const hour = 3_600_000;
const projections = [lines];
const withLine = (line: string): Order => order({ lines: linesOf(line) });

/** A revision of a time long ago. */
const old = (id: string, line: string): Revision<Order> => ({
  id,
  at: new Date(Date.UTC(2001, 0, 1)),
  by: "alice",
  state: withLine(line),
});

/** The same storage, as one that does not know in which order it stored its events. */
function withoutOrder(storage: Storage<string>): Storage<string> {
  const wrapped = wrapStorage(storage, () => ({}));
  return {
    ...wrapped,
    open: async (...given) => {
      const opened = await wrapped.open(...given);
      const { positions: _, ...log } = opened.log;
      return { ...opened, log };
    },
  };
}

/** Proves the same of a storage that knows its order of storing as it is, and as if it did not. */
async function onBoth(bench: StoreBench, prove: (bench: StoreBench) => Promise<void>): Promise<void> {
  const { now } = bench.clock;
  const knows = bench.port.log.positions !== undefined;
  const storages = [bench.storage, ...(knows ? [withoutOrder(bench.storage)] : [])];
  for (const [i, storage] of storages.entries()) {
    const collection = `c-${i}`;
    bench.clock.now = now;
    const port = await storage.open(collection, portCall);
    const open: StoreBench["open"] = (options) => bench.open({ collection, storage, ...options });
    await prove({ ...bench, storage, port, open });
  }
}

/** A process that will be killed so. Its sweep at the opening is done. */
async function doomed(bench: StoreBench): Promise<Store<Order>> {
  const store = bench.open({ storage: killedAfterEvents(bench.storage), projections });
  await store.sweep();
  return store;
}

/** Something that happens while a rebuild reads its third page of ids; the store to rebuild, and how to begin. */
function onThirdPage(bench: StoreBench, act: () => Promise<unknown>): () => Promise<Store<Order>> {
  let pages = Number.NEGATIVE_INFINITY;
  const storage = wrapStorage(bench.storage, ({ log }) => ({
    log: {
      documents: async (...given) => {
        if (++pages === 3) await act();
        return log.documents(...given);
      },
    },
  }));
  return async () => {
    const store = bench.open({ storage, projections });
    await store.ready();
    // the sweep of the opening is over, so that the next pages are the rebuild's
    await store.sweep();
    pages = 0;
    return store;
  };
}

const inSteps = { projection: "lines", rangeSize: 5, concurrency: 1 };

async function linesIn(store: Store<Order>, ids: readonly string[]): Promise<unknown[]> {
  const rows = store.rows(lines);
  return (await Promise.all(ids.map((id) => rows.of(id)))).map((found) => found.map(({ row }) => row.line));
}

/** Rebuilds and sweeps miss nothing that was stored meanwhile, whatever times it has. */
export const storedSince: StoreSection = section("finding what was stored since", {
  "a rebuild has the rows of documents imported meanwhile by a store without the projection": async (
    bench,
  ) => {
    await onBoth(bench, async (both) => {
      await writtenBefore(both, 15);
      const plain = both.open();
      const begin = onThirdPage(both, () => plain.import([old("a-late", "x"), old("o-09", "y")]));
      const store = await begin();
      expect(await rebuild(store, inSteps)).toMatchObject({ complete: true, failures: 0 });
      expect(await linesIn(store, ["a-late", "o-09", "o-1"])).toEqual([["x"], ["y"], ["a", "l-1"]]);
    });
  },

  "a rebuild has the rows of documents written meanwhile while the clock was set back by an hour": async (
    bench,
  ) => {
    await onBoth(bench, async (both) => {
      await writtenBefore(both, 15);
      const plain = both.open();
      const begin = onThirdPage(both, async () => {
        both.clock.now -= hour;
        await plain.create("a-late", "bob", withLine("x"));
        await plain.edit("o-0", "bob", (draft) => void draft.lines.push({ id: "y", qty: 1 }));
      });
      const store = await begin();
      expect(await rebuild(store, inSteps)).toMatchObject({ complete: true, failures: 0 });
      expect(await linesIn(store, ["a-late", "o-0"])).toEqual([["x"], ["a", "l-0", "y"]]);
    });
  },

  "a rebuild that goes on after the clock was set back, and right again, has what was written then": async (
    bench,
  ) => {
    await onBoth(bench, async (both) => {
      await writtenBefore(both, 15);
      const plain = both.open();
      const stop = new AbortController();
      const begin = onThirdPage(both, async () => {
        both.clock.now -= hour;
        await plain.create("a-late", "bob", withLine("x"));
        stop.abort();
      });
      const first = await rebuild(await begin(), { ...inSteps, signal: stop.signal });
      expect(first).toMatchObject({ complete: false });
      both.clock.now += 2 * hour;
      const store = both.open({ projections });
      expect(await rebuild(store, inSteps)).toMatchObject({ complete: true, failures: 0 });
      expect(await linesIn(store, ["a-late"])).toEqual([["x"]]);
    });
  },

  "a rebuild that goes on by a clock behind its beginning has what was written in between": async (bench) => {
    await onBoth(bench, async (both) => {
      await writtenBefore(both, 15);
      const stop = new AbortController();
      const begin = onThirdPage(both, async () => stop.abort());
      const first = await rebuild(await begin(), { ...inSteps, signal: stop.signal });
      expect(first).toMatchObject({ complete: false });
      both.clock.now -= hour;
      await both.open().create("a-late", "bob", withLine("x"));
      both.clock.now += 1_000;
      const store = both.open({ projections });
      expect(await rebuild(store, inSteps)).toMatchObject({ complete: true, failures: 0 });
      expect(await linesIn(store, ["a-late"])).toEqual([["x"]]);
    });
  },

  "a sweep mends the views and rows of an import that was killed after its events": async (bench) => {
    await onBoth(bench, async (both) => {
      const before = both.open({ projections });
      await before.create("o-1", "alice", withLine("a"));
      await before.sweep();
      await before.close();
      both.clock.forward(hour);
      const killed = await doomed(both);
      both.clock.forward(hour);
      await killed.import([old("i-1", "x"), old("i-2", "y")]);
      await killed.close();
      both.clock.forward(hour);
      const store = both.open({ projections });
      await store.sweep();
      expect(await linesIn(store, ["i-1", "i-2"])).toEqual([["x"], ["y"]]);
      expect(await both.open().getMany(["i-1", "i-2"])).toEqual([withLine("x"), withLine("y")]);
    });
  },

  "a sweep mends rows of what a store without the projection wrote and swept": async (bench) => {
    await onBoth(bench, async (both) => {
      const before = both.open({ projections });
      await before.create("o-1", "alice", withLine("a"));
      await before.sweep();
      await before.close();
      const plain = both.open();
      for (const id of ["p-1", "p-2"]) {
        both.clock.forward(hour);
        await plain.create(id, "bob", withLine(id));
        await plain.import([old(`i-${id}`, id)]);
        await plain.sweep();
      }
      both.clock.forward(hour);
      const store = both.open({ projections });
      await store.sweep();
      const ids = ["p-1", "i-p-1", "p-2", "i-p-2"];
      expect(await linesIn(store, ids)).toEqual([["p-1"], ["p-1"], ["p-2"], ["p-2"]]);
    });
  },

  "a sweep by a clock an hour ahead hides nothing from the next one": async (bench) => {
    await onBoth(bench, async (both) => {
      const before = both.open({ projections });
      await before.create("o-1", "alice", withLine("a"));
      const killed = await doomed(both);
      both.clock.now += hour;
      await before.sweep();
      await before.close();
      both.clock.now -= hour;
      await killed.create("o-2", "bob", withLine("x"));
      await killed.close();
      both.clock.forward(hour / 2);
      const store = both.open({ projections });
      await store.sweep();
      expect(await linesIn(store, ["o-2"])).toEqual([["x"]]);
      expect(await both.open().get("o-2")).toEqual(withLine("x"));
    });
  },

  "a sweep looks at no more than was stored since the last one": async (bench) => {
    await onBoth(bench, async (both) => {
      const store = both.open({ projections });
      for (let n = 0; n < 20; n++) await store.create(`o-${n}`, "alice", order());
      await store.import([old("i-0", "a")]);
      for (let i = 0; i < 2; i++) {
        await store.sweep();
        both.clock.forward(hour);
      }
      expect(await store.sweep()).toEqual({ checked: 0, broughtForward: 0 });
      both.clock.forward(hour);
      await store.import([old("i-1", "b")]);
      await store.edit("o-3", "bob", (draft) => void draft.lines.push({ id: "y", qty: 1 }));
      await store.edit("o-3", "bob", (draft) => void draft.lines.pop());
      expect(await store.sweep()).toEqual({ checked: 2, broughtForward: 0 });
    });
  },
});
