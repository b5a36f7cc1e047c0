import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { type Order, order } from "./order.ts";
import { eventsIn, refused, storesNothing } from "./refusals.ts";
import { portCall, type StoreBench, type StoreSection } from "./store-bench.ts";

/** The result of each write on an unknown, a living and a deleted document. */
export const lifeAndDeath: StoreSection = section(
  "life and death",
  {
    "create makes a deleted document anew, with the next version": async ({ open }) => {
      for (const [store, id] of [[open(), "o-1"] as const, [undefined, "o-2"] as const]) {
        const first = open();
        await first.create(id, "alice", order({ note: "old" }));
        await first.delete(id, "alice");
        const anew = await (store ?? first).create(id, "bob", order());
        expect(anew).toMatchObject({ version: 3, by: "bob", state: order(), changed: true });
        expect(anew.patches).toEqual([{ op: "replace", path: [], value: order() }]);
        expect(await first.get(id)).toEqual(order());
        expect((await first.history(id).toArray()).map(({ type }) => type)).toEqual([
          "created",
          "deleted",
          "created",
        ]);
      }
    },

    "a deleted document cannot be edited, replaced or deleted": async (bench) => {
      const store = bench.open();
      await store.create("o-1", "alice", order());
      await store.delete("o-1", "alice");
      for (const one of [store, bench.open()]) {
        const calls = [
          () => one.edit("o-1", "bob", () => {}),
          () =>
            one.edit("o-1", "bob", (draft) => {
              draft.note = "x";
            }),
          () => one.replace("o-1", "bob", order()),
          () => one.delete("o-1", "bob"),
        ];
        for (const call of calls) {
          const error = await storesNothing(bench.port, ["o-1"], () => refused(call(), "deleted"));
          expect(error.message).toContain("o-1");
        }
      }
    },

    "a deleted document is nowhere to be seen, but its history stays": async ({ open, port }) => {
      const store = open();
      await store.create("o-1", "alice", order());
      await store.delete("o-1", "bob");
      for (const one of [store, open()]) {
        expect(await one.get("o-1")).toBeUndefined();
        expect(await one.getMany(["o-1"])).toEqual([undefined]);
        expect(await one.exists("o-1")).toBe(false);
        expect(await one.read("o-1")).toBeUndefined();
        expect(await one.find().toArray()).toEqual([]);
        expect(await one.count()).toBe(0);
        expect(await one.stateAt("o-1", { version: 2 })).toBeUndefined();
        expect(await one.stateAt("o-1", { version: 1 })).toEqual(order());
        expect(await one.history("o-1").toArray()).toHaveLength(2);
        expect(await one.verify("o-1")).toMatchObject({ ok: true, version: 2 });
      }
      expect(await eventsIn(port, "o-1")).toHaveLength(2);
    },

    "restore brings back the state before the newest deletion, once": async (bench) => {
      const store = bench.open();
      await store.create("o-1", "alice", order());
      const last = await store.edit("o-1", "alice", (draft) => {
        draft.note = "last words";
      });
      await store.delete("o-1", "bob");
      const back = await bench.open().restore("o-1", "carol");
      expect(back).toMatchObject({ version: 4, by: "carol", changed: true });
      expect(back.state).toEqual(last.state);
      for (const one of [store, bench.open()]) {
        const again = await storesNothing(bench.port, ["o-1"], () => one.restore("o-1", "dave"));
        expect(again).toEqual({ ...back, changed: false, patches: [] });
      }
      expect(await store.get("o-1")).toEqual(last.state);
    },

    "after several deletions restore goes by the newest": async (bench) => {
      const { open } = bench;
      const store = open();
      await store.create("o-1", "alice", order({ note: "first life" }));
      await store.delete("o-1", "alice");
      await store.create("o-1", "alice", order({ note: "second life" }));
      await store.delete("o-1", "alice");
      expect((await open().restore("o-1", "bob")).state.note).toBe("second life");
      await store.edit("o-1", "bob", (draft) => {
        draft.note = "edited in the third";
      });
      await store.delete("o-1", "alice");
      expect((await open().restore("o-1", "bob")).state.note).toBe("edited in the third");
      await store.delete("o-1", "alice");
      await store.revert("o-1", "carol", { version: 1 });
      await store.delete("o-1", "alice");
      expect((await store.restore("o-1", "bob")).state.note).toBe("first life");
      expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 12 });
    },

    "a document may die and come back many times, and each state stays readable": async ({ open }) => {
      const store = open();
      await store.create("o-1", "alice", order({ note: "0" }));
      for (let life = 1; life <= 12; life++) {
        await store.delete("o-1", "alice");
        if (life % 3 === 0) await store.create("o-1", "alice", order({ note: `${life}` }));
        else await store.restore("o-1", "alice");
      }
      const cold = open();
      for (let version = 1; version <= 25; version++) {
        const lives = version % 2 === 1;
        const note = `${Math.floor((version - 1) / 2 / 3) * 3}`;
        expect(await cold.stateAt("o-1", { version })).toEqual(lives ? order({ note }) : undefined);
      }
    },

    "create refuses a document that was there before its history began": async (bench) => {
      await adoptable(bench);
      const store = bench.open();
      const call = () => refused(store.create("o-1", "alice", order()), "not_adopted");
      expect((await storesNothing(bench.port, ["o-1"], call)).message).toContain("o-1");
    },
  },
  {
    "an unknown document can be created only; all else is told that it is not there": async (bench) => {
      const { open, port } = bench;
      const store = open();
      const calls = [
        () => store.edit("o-1", "bob", () => {}),
        () => store.replace("o-1", "bob", order()),
        () => store.delete("o-1", "bob"),
        () => store.restore("o-1", "bob"),
        () => store.revert("o-1", "bob", new Date()),
        () => store.planRevert("o-1", new Date()),
      ];
      for (const call of calls) {
        const error = await storesNothing(port, ["o-1"], () => refused(call(), "not_found"));
        expect(error.details).toMatchObject({ id: "o-1" });
      }
    },

    "create makes an unknown document, and refuses a living one": async ({ open, port }) => {
      const store = open();
      expect(await store.create("o-1", "alice", order())).toMatchObject({ version: 1, changed: true });
      for (const other of [store, open()]) {
        const again = () => refused(other.create("o-1", "bob", order({ note: "2" })), "exists");
        expect((await storesNothing(port, ["o-1"], again)).message).toContain("o-1");
      }
    },
  },
);

/** Leaves a view without history, as a collection that had documents before has them. */
async function adoptable({ open, port }: StoreBench): Promise<void> {
  const store = open();
  await store.create("sample", "alice", order());
  const [sample] = await port.views.get(["sample"], portCall);
  if (sample === undefined) throw new Error("there is no view to copy");
  const state = order({ note: "older than its history" }) satisfies Order as never;
  await port.views.write({ ...sample, id: "o-1", version: 0, hash: "", state }, "any", portCall);
}
