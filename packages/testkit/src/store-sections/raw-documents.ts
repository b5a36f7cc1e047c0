import { type View, withoutHistory } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { order, setNote } from "./order.ts";
import { damage, shownOrRefused, threeVersions } from "./raw-view.ts";
import { refused, storesNothing } from "./refusals.ts";
import { portCall, type StoreSection } from "./store-bench.ts";

/** Documents that somebody took away, put back or damaged by hand. */
export const rawDocuments: StoreSection = section("documents that were taken away or put back directly", {
  "a document that was taken away by hand is still in the log, and read brings it back": async (bench) => {
    const [, , third] = await threeVersions(bench);
    const store = bench.open({ cache: { maxBytes: 0 } });
    for (const back of ["read", "repair"] as const) {
      await damage(bench, { version: 0, state: undefined, digest: "", hash: "" });
      const [left] = await bench.port.views.get(["o-1"], portCall);
      expect(await store.get("o-1")).toBeUndefined();
      expect((await store.verify("o-1")).ok).toBe(false);
      // a storage that remembers deleted documents still holds a view of it, which is not as it was written
      if (left !== undefined) await refused(store.read("o-1"), "drift");
      if (left !== undefined && back === "read") continue;
      expect(await store[back]("o-1")).toMatchObject({ version: 3, state: third.state });
      expect(await store.get("o-1")).toEqual(third.state);
      expect(await store.verify("o-1")).toMatchObject({ ok: true });
      await refused(store.create("o-1", "bob", order()), "exists");
    }
  },

  "a deleted document that was put back by hand does not live": async (bench) => {
    const [, , third] = await threeVersions(bench);
    const [living] = await bench.port.views.get(["o-1"], portCall);
    await bench.open().delete("o-1", "dave");
    await bench.port.views.write({ ...living, version: 4 } as View, "any", portCall);
    await shownOrRefused(bench, bench.open().get("o-1"), (found) => expect(found).toEqual(third.state));
    const edit = () => refused(bench.open().edit("o-1", "bob", setNote("x")), "drift");
    await storesNothing(bench.port, ["o-1"], edit);
    expect(await bench.open().verify("o-1")).toMatchObject({ ok: false, findings: [{ kind: "drift" }] });
    expect(await bench.open().repair("o-1")).toBeUndefined();
    expect(await bench.open().get("o-1")).toBeUndefined();
    expect((await bench.open().restore("o-1", "dave")).state).toEqual(third.state);
  },

  "a document that has no history at all is found and read as it is, and cannot be written": async (
    bench,
  ) => {
    await threeVersions(bench);
    const state = order({ note: "by hand" });
    await bench.port.views.write({ ...withoutHistory, id: "raw", state: { ...state } }, "any", portCall);
    const store = bench.open();
    expect(await store.get("raw")).toEqual(state);
    const found = await store.find({ note: "by hand" }).toArray();
    expect(found).toMatchObject([{ id: "raw", version: 0, state }]);
    await refused(store.edit("raw", "bob", setNote("x")), "not_adopted");
  },

  "one document whose view is damaged does not keep a sweep from the others": async (bench) => {
    await threeVersions(bench);
    await damage(bench, { version: 2, state: { note: "by hand" } });
    const store = bench.open();
    await store.create("o-2", "alice", order());
    const [view] = await bench.port.views.get(["o-2"], portCall);
    await store.edit("o-2", "bob", setNote("seen by a sweep"));
    await bench.port.views.write(view as View, "any", portCall);
    expect(await bench.open().sweep()).toMatchObject({ broughtForward: 1 });
    expect(await bench.open().get("o-2")).toMatchObject({ note: "seen by a sweep" });
    expect(bench.notices).toContainEqual({
      type: "sweep-failed",
      cause: expect.objectContaining({ code: "drift" }),
    });
  },
});
