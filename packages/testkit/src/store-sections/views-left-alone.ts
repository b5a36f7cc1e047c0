import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { order, setNote } from "./order.ts";
import { damage, shownOrRefused, tampered, viewOf } from "./raw-view.ts";
import { refused } from "./refusals.ts";
import { portCall, type StoreSection } from "./store-bench.ts";
import { wrapStorage } from "./wrap-storage.ts";

/** Edits by stores that know the true state: the view that somebody changed or took away stays as it is. */
export const viewsLeftAlone: StoreSection = section("views that are left alone", {
  "a store that has the true state in its cache stores its edit, and leaves the changed view alone": async (
    bench,
  ) => {
    for (const change of [{ state: order({ status: "by hand" }) as never }, { by: "mallory" }]) {
      const store = bench.open();
      const id = "o-1";
      await ((await store.exists(id))
        ? store.replace(id, "alice", order())
        : store.create(id, "alice", order()));
      await damage(bench, change);
      const pay = (one: typeof store, status: string) =>
        one.edit(id, "bob", (draft) => {
          draft.status = status;
        });
      const edited = await pay(store, "paid");
      expect(edited).toMatchObject({ changed: true, view: "drift", state: order({ status: "paid" }) });
      expect(edited.patches).toEqual([{ op: "replace", path: ["status"], value: "paid" }]);
      expect(bench.notices).toContainEqual({ type: "view-drift", id, version: edited.version });
      expect((await bench.port.views.get([id], portCall))[0]).toMatchObject(change);
      // reads do not wait for it, and nobody writes on
      await shownOrRefused(bench, store.get(id), (found) => expect(found).toBeDefined());
      for (const one of [store, bench.open()]) await refused(pay(one, "sent"), "drift");
      expect((await store.verify(id)).ok).toBe(false);
      expect(await store.repair(id)).toMatchObject({ state: edited.state });
      expect(await pay(bench.open(), "sent")).toMatchObject({ view: "current" });
      expect(await bench.open().verify(id)).toMatchObject({ ok: true });
    }
  },

  "a change that raised the version of the view is left alone too": async (bench) => {
    const store = bench.open();
    await store.create("o-1", "alice", order());
    await damage(bench, { version: 2, state: tampered });
    expect(await store.edit("o-1", "bob", setNote("on"))).toMatchObject({ version: 2, view: "drift" });
    for (const one of [store, bench.open()]) await refused(one.edit("o-1", "bob", setNote("on")), "drift");
  },

  "no question about the document in between lets an edit pass over the change": async (bench) => {
    const [mine, others] = [bench.open(), bench.open()];
    await mine.create("o-1", "alice", order());
    await others.edit("o-1", "bob", setNote("on"));
    await mine.read("o-1");
    await damage(bench, { state: tampered });
    expect(await mine.edit("o-1", "alice", setNote("off"))).toMatchObject({ version: 3, view: "drift" });
    const questions: readonly (() => Promise<unknown>)[] = [
      () => others.planRevert("o-1", { version: 1 }),
      () => others.planUndo("o-1", { version: 2 }),
      () => others.stateAt("o-1", { version: 3 }),
      () => others.diff("o-1", { version: 1 }, { version: 3 }),
      () => others.history("o-1").toArray(),
    ];
    for (const ask of questions) {
      // a plan may refuse the changed view itself
      await ask().catch((error: unknown) => expect(error).toMatchObject({ code: "drift" }));
      await refused(others.edit("o-1", "bob", setNote("again")), "drift");
    }
  },

  "a view that was left alone is not tried again, and no read waits for it": async (bench) => {
    let calls = 0;
    const count = <R>(answer: R): R => {
      calls++;
      return answer;
    };
    const storage = wrapStorage(bench.storage, ({ log, views }) => ({
      log: {
        head: (...given) => count(log.head(...given)),
        read: (...given) => count(log.read(...given)),
      },
      views: {
        get: (...given) => count(views.get(...given)),
        write: (...given) => count(views.write(...given)),
      },
    }));
    const store = bench.open({ storage });
    await store.create("o-1", "alice", order());
    await damage(bench, { state: tampered });
    expect(await store.edit("o-1", "bob", setNote("on"))).toMatchObject({ view: "drift" });
    expect(bench.notices).toEqual([{ type: "view-drift", id: "o-1", version: 2 }]);
    calls = 0;
    // one that waited would wait for another try, and the closing tries once more whatever is pending
    await shownOrRefused(bench, store.get("o-1"), (found) => expect(found).toEqual(tampered));
    await store.close();
    expect(calls).toBe(1);
  },

  "an edit of one place never takes away what another program wrote elsewhere": async (bench) => {
    const store = bench.open();
    await store.create("o-1", "alice", order());
    await damage(bench, { state: tampered });
    const edited = await store.edit("o-1", "bob", (draft) => {
      draft.status = "paid";
    });
    expect(edited).toMatchObject({ version: 2, state: order({ status: "paid" }) });
    await shownOrRefused(bench, bench.open().get("o-1"), (found) =>
      expect(found).toMatchObject({ note: "written by hand" }),
    );
    await refused(bench.open().edit("o-1", "bob", setNote("on sand")), "drift");
    expect((await bench.open().verify("o-1")).ok).toBe(false);
    expect(await store.repair("o-1")).toMatchObject({ version: 2, state: edited.state });
  },

  "a view that was taken away is told of, and not written again before it is repaired": async (bench) => {
    const store = bench.open();
    await store.create("o-1", "alice", order());
    await bench.port.views.write({ ...(await viewOf(bench)), state: undefined }, "any", portCall);
    const atomicRow = (await bench.port.views.get(["o-1"], portCall))[0];
    const edit = (one: typeof store) =>
      one.edit("o-1", "bob", (draft) => {
        draft.note = "on";
      });
    const edited = await edit(store);
    expect(edited).toMatchObject({ version: 2, changed: true, view: "drift" });
    expect((await bench.port.views.get(["o-1"], portCall))[0]).toEqual(atomicRow);
    for (const one of [store, bench.open()]) await refused(edit(one), "drift");
    expect(await store.repair("o-1")).toMatchObject({ version: 2, state: { note: "on" } });
    expect(await bench.open().edit("o-1", "carol", setNote("again"))).toMatchObject({
      version: 3,
      view: "current",
    });
  },
});
