import { getEventListeners } from "node:events";
import type { IndeterminateError } from "@everdraft/core";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { holding } from "./holding-storage.ts";
import { type Order, order } from "./order.ts";
import { eventsIn, refused, storesNothing } from "./refusals.ts";
import { patient, type StoreSection } from "./store-bench.ts";
import { unanswered, wrapStorage } from "./wrap-storage.ts";

/** Signals and times that are up. */
export const givingUp: StoreSection = section(
  "giving up",
  {
    "many calls at once with one signal make one listener of it, and leave none": async (bench) => {
      const store = bench.open();
      await store.create("o-1", "alice", order());
      const { signal } = new AbortController();
      const most = { listeners: 0 };
      const look = (): void => {
        most.listeners = Math.max(most.listeners, getEventListeners(signal, "abort").length);
      };
      const each = (call: (id: string) => Promise<unknown>) =>
        Array.from({ length: 12 }, async (_, i) => {
          const called = call(`n-${i}`);
          look();
          await called;
          look();
        });
      const add = (draft: Order): void => void draft.lines.push({ id: "A", qty: 1 });
      await Promise.all([
        ...each((id) => store.create(id, "alice", order(), { signal, ...patient })),
        ...each(() => store.edit("o-1", "bob", add, { signal, ...patient })),
        ...each((id) => store.get(id, { signal })),
        ...each(() => store.read("o-1", undefined, { signal })),
        ...each(() => store.find({}, { signal }).toArray()),
        ...each(() => store.count({}, { signal })),
        ...each(() => store.history("o-1", { signal }).toArray()),
        ...each(() => store.changes({ signal }).toArray()),
      ]);
      look();
      expect(most.listeners).toBeLessThanOrEqual(1);
      expect(getEventListeners(signal, "abort")).toEqual([]);
    },
  },
  {
    "a call with an aborted signal does nothing and ends with the signal's reason": async (bench) => {
      const store = bench.open();
      await store.create("o-1", "alice", order());
      const reason = new Error("changed my mind");
      const signal = AbortSignal.abort(reason);
      const calls: (() => Promise<unknown>)[] = [
        () => store.create("o-2", "alice", order(), { signal }),
        () => store.edit("o-1", "alice", (draft) => void draft.lines.pop(), { signal }),
        () => store.replace("o-1", "alice", order({ note: "x" }), { signal }),
        () => store.delete("o-1", "alice", { signal }),
        () => store.restore("o-1", "alice", { signal }),
        () => store.revert("o-1", "alice", { version: 1 }, { signal }),
        () => store.get("o-1", { signal }),
        () => store.getMany(["o-1"], { signal }),
        () => store.exists("o-1", { signal }),
        () => store.read("o-1", undefined, { signal }),
        () => store.stateAt("o-1", { version: 1 }, { signal }),
        () => store.diff("o-1", { version: 1 }, { version: 1 }, { signal }),
        () => store.count({}, { signal }),
        () => store.import([{ id: "o-3", at: new Date(0), by: "a", state: order() }], { signal }),
        () => store.resolve("o-1", { eventId: "x", version: 1 }, { signal }),
        () => store.verify("o-1", { signal }),
        () => store.repair("o-1", { signal }),
        () => store.sweep({ signal }),
      ];
      await storesNothing(bench.port, ["o-1", "o-2", "o-3"], async () => {
        for (const call of calls) await expect(call()).rejects.toBe(reason);
      });
    },

    "a write that was sent and then given up is in doubt, and resolve tells what became of it": async (
      bench,
    ) => {
      for (const way of ["signal", "time"] as const) {
        const id = `o-${way}`;
        const held = holding(bench.storage);
        const store = bench.open({ storage: held.storage });
        await store.create(id, "alice", order());
        const arrived = held.holdNext();
        const stop = new AbortController();
        const reason = new Error("no more time");
        const options = way === "signal" ? { signal: stop.signal } : { timeoutMs: 60 };
        const call = refused(
          store.edit(id, "bob", (draft) => void draft.lines.push({ id: "A", qty: 1 }), options),
          "indeterminate",
        );
        await arrived;
        stop.abort(reason);
        const { details, message, cause } = (await call) as IndeterminateError;
        expect(details).toMatchObject({ id, version: 2 });
        for (const said of [message, String(cause)]) expect(said).not.toMatch(/nothing of it was stored/i);
        expect(await bench.open().resolve(id, details)).toEqual({ outcome: "open" });
        held.release();
        // the next write of the document waits for the one before
        await store.edit(id, "carol", (draft) => void draft.lines.push({ id: "B", qty: 1 }));
        const resolved = await bench.open().resolve(id, details);
        expect(resolved).toMatchObject({
          outcome: "stored",
          result: { version: 2, by: "bob", changed: true },
        });
        expect((await bench.open().get(id))?.lines.map((line) => line.id)).toEqual(["A", "B"]);
        expect(await eventsIn(bench.port, id)).toHaveLength(3);
      }
    },

    "a write that still waits for others when it is given up is not stored, ever": async (bench) => {
      const held = holding(bench.storage);
      const store = bench.open({ storage: held.storage });
      await store.create("o-1", "alice", order());
      const arrived = held.holdNext();
      const first = store.edit("o-1", "bob", (draft) => void draft.lines.push({ id: "A", qty: 1 }));
      await arrived;
      const stop = new AbortController();
      const reason = new Error("not so important");
      const second = store.edit("o-1", "carol", (draft) => void draft.lines.push({ id: "B", qty: 1 }), {
        signal: stop.signal,
      });
      const slow = store.edit("o-1", "dave", (draft) => void draft.lines.pop(), { timeoutMs: 30 });
      stop.abort(reason);
      await expect(second).rejects.toBe(reason);
      await refused(slow, "timeout");
      held.release();
      await first;
      await store.close();
      expect((await bench.open().history("o-1").toArray()).map(({ by }) => by)).toEqual(["alice", "bob"]);
    },

    "a reading whose storage does not answer ends when its time is up": async (bench) => {
      const store = bench.open({
        storage: wrapStorage(bench.storage, () => ({
          log: {
            read: (_doc, _range, call) => unanswered(call),
            head: (_doc, _known, call) => unanswered(call),
          },
          views: { get: (_ids, call) => unanswered(call) },
        })),
      });
      const soon = { timeoutMs: 40 };
      const readings = [
        () => store.get("o-1", soon),
        () => store.read("o-1", undefined, soon),
        () => store.stateAt("o-1", { version: 1 }, soon),
        () => store.history("o-1", soon).toArray(),
      ];
      // a reading stores nothing in any case, so nothing is said of it
      for (const reading of readings)
        expect((await refused(reading(), "timeout")).message).not.toMatch(/stored|try again/i);
      const stop = new AbortController();
      const reason = new Error("no");
      const reading = store.read("o-1", undefined, { signal: stop.signal });
      stop.abort(reason);
      await expect(reading).rejects.toBe(reason);
    },
  },
);
