import type { Store } from "@everdraft/core";
import { expect } from "vitest";
import { rendezvous } from "../rendezvous.ts";
import { section } from "../sections/section.ts";
import { commitBare } from "./killed-writer.ts";
import { type Order, order, setNote } from "./order.ts";
import type { StoreBench, StoreSection } from "./store-bench.ts";
import { unanswered, wrapStorage } from "./wrap-storage.ts";

/** That the library speaks through results, errors and notices only. */
export const silence: StoreSection = section(
  "what is said elsewhere",
  {
    "nothing is printed and no promise is left unhandled, whatever is refused or given up": async (bench) => {
      const said = listen();
      try {
        await everythingThatCanFail(bench);
        // an unhandled rejection is told after the turn in which nobody took it
        for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      } finally {
        said.stop();
      }
      expect(said.heard).toEqual([]);
    },

    "an undisturbed life gives no notices": async ({ open, notices, clock }) => {
      const store = open();
      await store.create("o-1", "alice", order());
      for (let i = 0; i < 100; i++) {
        clock.forward(10);
        await store.edit("o-1", "alice", setNote("x".repeat(i)));
      }
      await store.delete("o-1", "alice");
      await store.restore("o-1", "alice");
      await store.revert("o-1", "alice", { version: 3 });
      for (const one of [store, open()]) {
        await one.read("o-1");
        await one.stateAt("o-1", { version: 77 });
        await one.verify("o-1");
        await one.repair("o-1");
        await one.sweep();
        await one.close();
      }
      expect(notices).toEqual([]);
    },
  },
  {
    "a listener that rejects decides nothing about a call, nor about the process": async (bench) => {
      const said = listen();
      let heard = 0;
      const onNotice = async () => {
        heard++;
        throw new Error("a listener's own mistake");
      };
      try {
        const [store, other] = [bench.open({ onNotice }), bench.open()];
        await store.create("o-1", "alice", order());
        await other.edit("o-1", "bob", setNote("first"));
        expect(await store.edit("o-1", "alice", setNote("second"))).toMatchObject({
          version: 3,
          changed: true,
        });
        for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      } finally {
        said.stop();
      }
      expect(heard).toBeGreaterThan(0);
      expect(said.heard).toEqual([]);
    },

    "a listener that throws decides nothing about a call": async (bench) => {
      const onNotice = () => {
        throw new Error("a listener's own mistake");
      };
      const [store, other] = [bench.open({ onNotice }), bench.open()];
      await store.create("o-1", "alice", order());
      await other.edit("o-1", "bob", setNote("first"));
      expect(await store.edit("o-1", "alice", setNote("second"))).toMatchObject({
        version: 3,
        changed: true,
      });
      bench.clock.forward(-3_600_000);
      expect(await store.edit("o-1", "alice", setNote("third"))).toMatchObject({ version: 4, changed: true });
      const late = wrapStorage(bench.storage, ({ log }) => ({ log: { commit: commitBare(log) } }));
      const behind = bench.open({ storage: late, onNotice });
      const edited = await behind.edit("o-1", "alice", setNote("fourth"));
      expect(edited).toMatchObject({ version: 5, changed: true, view: "behind" });
      expect(await behind.get("o-1")).toMatchObject({ note: "fourth" });
    },

    "a store without a listener works as any other": async ({ open, storage }) => {
      const { createStore } = await import("@everdraft/core");
      await using store = createStore<Order>({ collection: "orders", storage });
      const other = open();
      await store.create("o-1", "alice", order());
      await other.edit("o-1", "bob", setNote("first"));
      expect(await store.edit("o-1", "alice", setNote("second"))).toMatchObject({ version: 3 });
    },
  },
);

/** Refusals, conflicts, aborts and closings, all at once; nobody looks at the outcomes. */
async function everythingThatCanFail({ open, storage }: StoreBench): Promise<void> {
  const stores = [open(), open()] as const;
  await stores[0].create("o-1", "alice", order());
  const slow = wrapStorage(storage, () => ({ views: { get: (_, call) => unanswered(call) } }));
  const failing = wrapStorage(storage, () => ({
    log: { commit: () => Promise.reject(new Error("no answer")) },
  }));
  const hurried = { timeoutMs: 30 };
  await rendezvous<unknown>([
    ...stores.flatMap((store) => refusals(store)),
    () => open({ storage: slow }).get("o-1", hurried),
    () => open({ storage: failing }).edit("o-1", "bob", setNote("lost"), hurried),
    ...stores.map((store) => () => Promise.resolve(setImmediate(() => void store.close()))),
  ]);
  await Promise.all(stores.map((store) => store.close()));
  await rendezvous<unknown>(stores.flatMap((store) => refusals(store)));
}

function refusals(store: Store<Order>): (() => Promise<unknown>)[] {
  const stop = new AbortController();
  const { signal } = stop;
  return [
    () => store.create("o-1", "alice", order()),
    () => store.edit("unknown", "alice", setNote("x")),
    () => store.edit("o-1", "alice", () => JSON.parse("no")),
    () => store.edit("o-1", "alice", (async () => Promise.reject(new Error("async"))) as never),
    () => store.edit("o-1", "alice", setNote("x"), { expectedVersion: 99 }),
    () => store.edit("o-1", "alice", setNote("x"), { signal }),
    () => store.edit("o-1", "alice", setNote("x"), { key: "k" }),
    () => store.delete("o-1", "bob", { key: "k" }),
    () => Promise.resolve(stop.abort(new Error("stopped"))),
    () => store.replace("o-1", "alice", { lines: [new Map()] } as never),
    () => store.stateAt("o-1", { version: 1000 }),
    () => store.find({ $where: "1" } as never).toArray(),
    () => store.import([{ id: "o-1", at: new Date(8.64e15), by: "a", state: order() }]),
    () => store.import({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("bad")) }) }),
  ];
}

interface Listening {
  readonly heard: unknown[];
  stop(): void;
}

/** Hears printed texts, and rejections that nobody handles. */
function listen(): Listening {
  const heard: unknown[] = [];
  const streams = [process.stdout, process.stderr] as const;
  const names = ["log", "info", "warn", "error", "debug"] as const;
  const [writes, logs] = [streams.map((stream) => stream.write), names.map((name) => console[name])];
  const hear = (...said: unknown[]): true => {
    heard.push(said);
    return true;
  };
  for (const stream of streams) stream.write = hear;
  for (const name of names) console[name] = hear;
  process.on("unhandledRejection", hear);
  process.on("warning", hear);
  return {
    heard,
    stop() {
      for (const [i, stream] of streams.entries()) stream.write = writes[i] as typeof stream.write;
      for (const [i, name] of names.entries()) console[name] = logs[i] as typeof console.log;
      process.off("unhandledRejection", hear);
      process.off("warning", hear);
    },
  };
}
