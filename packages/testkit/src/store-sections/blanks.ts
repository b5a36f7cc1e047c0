import { newId, type Store } from "@everdraft/core";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { lines } from "./line-rows.ts";
import { linesOf, type Order, order, setNote } from "./order.ts";
import { eventsIn, refused } from "./refusals.ts";
import { portCall, type StoreBench, type StoreSection } from "./store-bench.ts";

/** A document of two versions, and a blank behind them. */
async function withBlank(bench: StoreBench, id = "o-1"): Promise<Store<Order>> {
  const store = bench.open();
  await store.create(id, "alice", order());
  bench.clock.forward(1000);
  await store.edit(id, "bob", setNote("second"));
  bench.clock.forward(1000);
  await store.resolve(id, { eventId: newId(), version: 3 }, { settle: "dave" });
  expect((await eventsIn(bench.port, id)).map(({ type }) => type)).toEqual(["created", "edited", "blank"]);
  return store;
}

/** Events that change nothing: by which a slot was closed, or a key remembered. */
export const blanks: StoreSection = section("blanks", {
  "readers are given version, time and user of the newest event that is no blank": async (bench) => {
    const store = await withBlank(bench);
    const [, second] = await eventsIn(bench.port, "o-1");
    const told = { version: 2, by: "bob", at: new Date(second?.at ?? 0) };
    for (const one of [store, bench.open()]) {
      expect(await one.read("o-1")).toMatchObject(told);
      expect(await one.read("o-1", { version: 3 })).toMatchObject(told);
      expect(await one.read("o-1", new Date(bench.clock.now))).toMatchObject(told);
      expect(await one.find({}).toArray()).toMatchObject([{ id: "o-1", ...told }]);
      expect(await one.edit("o-1", "carol", () => {})).toMatchObject({ ...told, changed: false });
      expect(await one.verify("o-1")).toMatchObject({ ok: true, version: 3 });
    }
    expect(await store.planRevert("o-1", { version: 1 })).toMatchObject({
      to: 1,
      version: 2,
      takesBack: [{ version: 2 }],
    });
  },

  "an expected version holds where nothing but blanks follow it, and the next event goes behind them": async (
    bench,
  ) => {
    await withBlank(bench);
    for (const expectedVersion of [0, 1, 4])
      await refused(bench.open().edit("o-1", "bob", setNote("x"), { expectedVersion }), "conflict");
    expect(await bench.open().edit("o-1", "bob", setNote("third"), { expectedVersion: 2 })).toMatchObject({
      version: 4,
    });
    await refused(bench.open().edit("o-1", "bob", setNote("x"), { expectedVersion: 3 }), "conflict");
    await withBlank(bench, "o-2");
    expect(await bench.open().edit("o-2", "bob", setNote("third"), { expectedVersion: 3 })).toMatchObject({
      version: 4,
    });
  },

  "a blank that another process stores meanwhile fails no write that expects a version": async (bench) => {
    const [one, other] = [bench.open(), bench.open()];
    await one.create("o-1", "alice", order());
    await other.edit("o-1", "bob", () => {}, { key: "nothing changes" });
    expect(await one.edit("o-1", "alice", setNote("on"), { expectedVersion: 1 })).toMatchObject({
      version: 3,
      changed: true,
    });
  },

  "history and changes pass blanks by unless they are asked for": async (bench) => {
    const store = await withBlank(bench);
    const versions = async (list: ReturnType<Store<Order>["history"]>) =>
      (await list.toArray()).map(({ version }) => version);
    expect(await versions(store.history("o-1"))).toEqual([1, 2]);
    expect(await versions(store.history("o-1", { order: "newest", limit: 1 }))).toEqual([2]);
    expect(await versions(store.history("o-1", { blanks: true }))).toEqual([1, 2, 3]);
    expect(await versions(store.history("o-1", { type: "blank" }))).toEqual([3]);
    expect(await versions(store.changes({ order: "oldest" }))).toEqual([1, 2]);
    expect(await versions(store.changes({ order: "oldest", blanks: true }))).toEqual([1, 2, 3]);
  },

  "a time never goes back behind a blank, and a deleted document stays deleted behind one": async (bench) => {
    const store = await withBlank(bench);
    const [, , blank] = await eventsIn(bench.port, "o-1");
    bench.clock.forward(-1500);
    for (const one of [store, bench.open()]) {
      const { at } = await one.edit("o-1", "bob", setNote(`${bench.clock.now} ${newId()}`));
      expect(at.getTime()).toBe(blank?.at);
    }
    await store.delete("o-1", "bob");
    await store.resolve("o-1", { eventId: newId(), version: 7 }, { settle: "dave" });
    expect(await bench.open().read("o-1")).toBeUndefined();
    expect(await bench.open().verify("o-1")).toMatchObject({ ok: true, version: 7 });
  },

  "rows show the version that readers see, and a blank leaves them as they are": async (bench) => {
    const store = bench.open({ projections: [lines] });
    await store.create("o-1", "alice", order({ lines: linesOf("a") }));
    const before = await store.rows(lines).of("o-1");
    await store.edit("o-1", "bob", () => {}, { key: "k" });
    expect(await store.rows(lines).of("o-1")).toEqual(before);
    expect(before).toMatchObject([{ version: 1 }]);
    expect((await bench.port.views.get(["o-1"], portCall))[0]).toMatchObject({
      version: 2,
      changed: 1,
      by: "alice",
    });
  },
});
