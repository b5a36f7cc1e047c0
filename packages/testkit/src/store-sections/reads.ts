import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { order } from "./order.ts";
import { patient, type StoreSection } from "./store-bench.ts";

/** The states of now: get, getMany, exists, read. */
export const reads: StoreSection = section("reading states", {
  "get, exists and read answer for a living document, and for none with nothing": async ({ open, clock }) => {
    const store = open();
    await store.create("o-1", "alice", order());
    const at = clock.forward(1000);
    await store.edit("o-1", "bob", (draft) => {
      draft.note = "n";
    });
    const state = order({ note: "n" });
    for (const one of [store, open()]) {
      expect(await one.get("o-1")).toEqual(state);
      expect(await one.exists("o-1")).toBe(true);
      expect(await one.read("o-1")).toEqual({ id: "o-1", state, version: 2, at, by: "bob", sealed: false });
      expect(await one.get("o-2")).toBeUndefined();
      expect(await one.exists("o-2")).toBe(false);
      expect(await one.read("o-2")).toBeUndefined();
      expect(await one.read("o-2", new Date(clock.now))).toBeUndefined();
    }
  },

  "getMany keeps the order of the ids, with gaps for the missing, and answers doubles twice": async (
    bench,
  ) => {
    const store = bench.open();
    for (const id of ["a", "b", "c"]) await store.create(id, "alice", order({ note: id }));
    await store.delete("b", "alice");
    const ids = ["c", "unknown", "a", "b", "a", "c"];
    for (const one of [store, bench.open()]) {
      const states = await one.getMany(ids);
      expect(states.map((state) => state?.note)).toEqual(["c", undefined, "a", undefined, "a", "c"]);
      expect(await one.getMany([])).toEqual([]);
    }
  },

  "getMany has no limit in silence": async ({ open }) => {
    const store = open();
    const ids = Array.from({ length: 700 }, (_, i) => `o-${i}`);
    await Promise.all(ids.map((id) => store.create(id, "alice", order({ note: id }), patient)));
    const states = await open().getMany(ids.toReversed());
    expect(states.map((state) => state?.note)).toEqual(ids.toReversed());
  },

  "a store sees what another store of the same storage wrote, at once": async ({ open }) => {
    const [a, b] = [open(), open()];
    await a.create("o-1", "alice", order());
    for (let i = 0; i < 5; i++) {
      const [writer, reader] = i % 2 === 0 ? [a, b] : [b, a];
      const { state, version } = await writer.edit("o-1", "bob", (draft) => {
        draft.note = `${i}`;
      });
      expect(await reader.get("o-1")).toEqual(state);
      expect(await reader.read("o-1")).toMatchObject({ version, state });
      expect((await reader.getMany(["o-1"]))[0]).toEqual(state);
      expect((await reader.find({ note: `${i}` }).toArray()).map((found) => found.version)).toEqual([
        version,
      ]);
    }
    await a.delete("o-1", "alice");
    expect([await b.get("o-1"), await b.exists("o-1"), await b.read("o-1")]).toEqual([
      undefined,
      false,
      undefined,
    ]);
  },

  "collections of one storage do not see each other": async ({ open }) => {
    const [here, there] = [open(), open({ collection: "others" })];
    await here.create("o-1", "alice", order({ note: "here" }));
    await there.create("o-1", "bob", order({ note: "there" }));
    await there.edit("o-1", "bob", (draft) => {
      draft.status = "paid";
    });
    expect(await here.read("o-1")).toMatchObject({ version: 1, by: "alice", state: { note: "here" } });
    expect(await there.read("o-1")).toMatchObject({ version: 2, by: "bob", state: { note: "there" } });
    expect(await here.changes().toArray()).toHaveLength(1);
    expect(await there.count()).toBe(1);
  },

  "what was stored is there for a later process": async ({ open, opened, storage }) => {
    const store = open();
    const made = await store.create("o-1", "alice", order({ placed: new Date(5), mark: Uint8Array.of(1) }));
    const edited = await store.edit("o-1", "bob", (draft) => {
      draft.note = "n";
    });
    await store.close();
    const { reopen } = opened;
    if (reopen !== undefined) await storage.close();
    const later = reopen === undefined ? storage : await reopen.call(opened);
    const cold = open({ storage: later });
    expect(await cold.get("o-1")).toEqual(edited.state);
    expect(await cold.stateAt("o-1", { version: 1 })).toEqual(made.state);
    expect(await cold.verify("o-1")).toMatchObject({ ok: true, version: 2 });
    expect((await cold.edit("o-1", "carol", (draft) => void delete draft.note)).version).toBe(3);
    await cold.close();
    if (reopen !== undefined) await later.close();
  },
});
