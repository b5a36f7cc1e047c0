import type { Store } from "@everdraft/core";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { holding } from "./holding-storage.ts";
import { type Order, order } from "./order.ts";
import { refused } from "./refusals.ts";
import { patient, type StoreSection } from "./store-bench.ts";

/** The end of a store. */
export const closing: StoreSection = section(
  "closing",
  {
    "close waits for the writes under way, which all succeed": async ({ open }) => {
      const store = open();
      await store.create("o-1", "alice", order());
      const edits = Array.from({ length: 40 }, (_, i) =>
        store
          .edit(i % 2 === 0 ? "o-1" : `x-${i}`, "bob", () => {})
          .then(
            () => "done",
            (error: { code: string }) => error.code,
          ),
      );
      const writes = Array.from({ length: 40 }, (_, i) =>
        store.edit("o-1", "bob", (draft) => void draft.lines.push({ id: `${i}`, qty: i })),
      );
      const creates = Array.from({ length: 40 }, (_, i) => store.create(`c-${i}`, "bob", order()));
      await store.close();
      const settled = await Promise.allSettled([...writes, ...creates]);
      expect(settled.map(({ status }) => status)).toEqual(settled.map(() => "fulfilled"));
      expect(new Set(await Promise.all(edits))).toEqual(new Set(["done", "not_found"]));
      expect(await open().count()).toBe(41);
      expect((await open().get("o-1"))?.lines).toHaveLength(40);
    },

    "the storage stays open for other stores, of this collection and of others": async ({ open }) => {
      const [a, b, c] = [open(), open(), open({ collection: "others" })];
      await Promise.all([a.create("o-1", "alice", order()), c.create("o-1", "alice", order())]);
      await a.close();
      expect(await b.edit("o-1", "bob", (draft) => void draft.lines.push({ id: "A", qty: 1 }))).toMatchObject(
        {
          version: 2,
        },
      );
      expect(await c.get("o-1")).toEqual(order());
      expect(await open().get("o-1")).toMatchObject({ lines: [{ id: "A" }] });
    },

    "an import that is running ends, with what it has read, and can be run again": async ({ open }) => {
      const store = open();
      const ends: string[] = [];
      let ending: Promise<unknown> | undefined;
      const start = Date.UTC(2020, 0, 1);
      function* source(endless: boolean) {
        for (let i = 0; i < 50; i++) {
          if (endless && i === 20) ending = store.close().then(() => ends.push("store"));
          yield { id: "o-1", at: new Date(start + i), by: "alice", state: order({ note: `${i}` }) };
        }
      }
      await refused(store.import(source(true)), "closed").then(() => ends.push("import"));
      await ending;
      expect(ends).toEqual(["import", "store"]);
      const next = open();
      const again = await next.import(source(false));
      expect(again).toMatchObject({ events: 30, skipped: 20 });
      expect(await next.verify("o-1")).toMatchObject({ ok: true, version: 50 });
    },

    "a list that is being read when its store is closed ends with that error or with all of it": async (
      bench,
    ) => {
      const store = bench.open();
      await store.create("o-1", "alice", order());
      await Promise.all(Array.from({ length: 600 }, () => store.edit("o-1", "bob", toggle, patient)));
      let seen = 0;
      const reading = (async () => {
        for await (const _ of store.history("o-1")) if (++seen === 10) await store.close();
      })();
      const ended = await reading.then(
        () => "all",
        (error: { code: string }) => error.code,
      );
      expect(ended === "closed" || (ended === "all" && seen === 601)).toBe(true);
    },
  },
  {
    "ready opens the storage and may be called again": async ({ open }) => {
      const store = open();
      await store.ready();
      await store.ready();
      expect(await store.create("o-1", "alice", order())).toMatchObject({ version: 1 });
      await store.ready();
    },

    "after close every call is refused": async ({ open }) => {
      const store = open();
      await store.create("o-1", "alice", order());
      await store.close();
      for (const call of callsOf(store)) {
        const error = await refused(call(), "closed");
        expect(error.message).toContain("orders");
      }
    },

    "calls are refused from the call of close on, not only from its end": async ({ open }) => {
      const store = open();
      await store.create("o-1", "alice", order());
      const ending = store.close();
      for (const call of callsOf(store)) await refused(call(), "closed");
      await ending;
      expect((await open().history("o-1").toArray()).map(({ type }) => type)).toEqual(["created"]);
    },

    "close may be called again, also at the same time, and before any other call": async ({ open }) => {
      const store = open();
      await Promise.all([store.close(), store.close()]);
      await store.close();
      const busy = open();
      const creating = busy.create("o-1", "alice", order());
      await Promise.all([busy.close(), busy.close()]);
      expect(await creating).toMatchObject({ version: 1 });
      await busy.close();
    },

    "a store ends with the block that it is used in": async ({ open }) => {
      let kept: Store<Order>;
      {
        await using store = open();
        await store.create("o-1", "alice", order());
        kept = store;
      }
      await refused(kept.get("o-1"), "closed");
      expect(await open().get("o-1")).toEqual(order());
    },

    "close does not end before a write that is on its way": async ({ open, storage }) => {
      const held = holding(storage);
      const store = open({ storage: held.storage });
      await store.create("o-1", "alice", order());
      const arrived = held.holdNext();
      const ends: string[] = [];
      const writing = store.edit("o-1", "bob", toggle).then(() => void ends.push("written"));
      await arrived;
      const closed = store.close().then(() => void ends.push("closed"));
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      expect(ends).toEqual([]);
      held.release();
      await Promise.all([writing, closed]);
      expect(ends).toEqual(["written", "closed"]);
    },
  },
);

function toggle(draft: Order): void {
  draft.status = draft.status === "a" ? "b" : "a";
}

function callsOf(store: Store<Order>): (() => Promise<unknown>)[] {
  const moment = { version: 1 };
  return [
    () => store.ready(),
    () => store.create("o-2", "alice", order()),
    () => store.edit("o-1", "alice", toggle),
    () => store.replace("o-1", "alice", order({ note: "x" })),
    () => store.delete("o-1", "alice"),
    () => store.restore("o-1", "alice"),
    () => store.revert("o-1", "alice", moment),
    () => store.planRevert("o-1", moment),
    () => store.get("o-1"),
    () => store.getMany(["o-1"]),
    () => store.exists("o-1"),
    () => store.read("o-1"),
    () => store.read("o-1", moment),
    () => store.stateAt("o-1", moment),
    () => store.history("o-1").toArray(),
    () => store.changes().toArray(),
    () => store.diff("o-1", moment, moment),
    () => store.find().toArray(),
    () => store.count(),
    () => store.import([]),
    () => store.resolve("o-1", { eventId: "x", version: 1 }),
    () => store.verify("o-1"),
    () => store.repair("o-1"),
    () => store.sweep(),
  ];
}
