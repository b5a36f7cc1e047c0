import { type RebuildFailure, rebuild } from "@everdraft/core/upkeep";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { order, setNote } from "./order.ts";
import { damage, shownOrRefused, tampered, threeVersions } from "./raw-view.ts";
import { refused, storesNothing } from "./refusals.ts";
import { portCall, type StoreSection } from "./store-bench.ts";

const wrong = "x".repeat(43);

/** Views that somebody wrote to behind the library's back. */
export const damagedViews: StoreSection = section("views that were written to directly", {
  "get, getMany and find show what the view says where other programs may write it, else they refuse it":
    async (bench) => {
      await threeVersions(bench);
      await damage(bench, { state: tampered });
      const store = bench.open();
      await shownOrRefused(bench, store.get("o-1"), (found) => expect(found).toEqual(tampered));
      await shownOrRefused(bench, store.getMany(["o-1"]), (found) => expect(found).toEqual([tampered]));
      await shownOrRefused(bench, store.exists("o-1"), (found) => expect(found).toBe(true));
      for (const filter of [{ note: "written by hand" }, { _id: "o-1" }, {}]) {
        const ids = store
          .find(filter)
          .toArray()
          .then((found) => found.map(({ id }) => id));
        await shownOrRefused(bench, ids, (found) => expect(found).toEqual(["o-1"]));
      }
    },

  "reading and writing on a view that is not what the log gives is refused": async (bench) => {
    await threeVersions(bench);
    for (const change of [{ state: tampered }, { digest: wrong }, { hash: wrong }, { state: {} as never }]) {
      const undo = await damage(bench, change);
      const calls = [
        () => bench.open().read("o-1"),
        () => bench.open().edit("o-1", "bob", setNote("on sand")),
        () => bench.open().edit("o-1", "bob", () => {}),
        () => bench.open().replace("o-1", "bob", order()),
        () => bench.open().delete("o-1", "bob"),
      ];
      for (const call of calls) {
        const error = await storesNothing(bench.port, ["o-1"], () => refused(call(), "drift"));
        expect(error.details).toMatchObject({ id: "o-1", version: 3 });
        expect(error.message).toMatch(/repair/);
      }
      await undo();
    }
  },

  "the past is read from the log, whatever the view says": async (bench) => {
    const [first, , third] = await threeVersions(bench);
    await damage(bench, { state: tampered });
    const store = bench.open();
    expect(await store.stateAt("o-1", { version: 1 })).toEqual(first.state);
    expect(await store.stateAt("o-1", { version: 3 })).toEqual(third.state);
    expect(await store.stateAt("o-1", new Date(bench.clock.now))).toEqual(third.state);
    expect(await store.history("o-1").toArray()).toHaveLength(3);
  },

  "verify names the drift, repair mends it, and the store goes on": async (bench) => {
    const [, , third] = await threeVersions(bench);
    const changes = [{ state: tampered }, { digest: wrong }, { hash: wrong }, { state: {} as never }];
    const facts = [{ by: "mallory" }, { at: 1 }, { eventId: "x" }, { schema: 7 }];
    for (const change of [...changes, ...facts]) {
      const undo = await damage(bench, change);
      const store = bench.open();
      const found = await storesNothing(bench.port, ["o-1"], () => store.verify("o-1"));
      expect(found).toMatchObject({
        id: "o-1",
        ok: false,
        version: 3,
        findings: [{ kind: "drift", version: 3 }],
      });
      expect(found.findings[0]?.message).toMatch(/repair/);
      expect(await store.repair("o-1")).toMatchObject({ id: "o-1", version: 3, state: third.state });
      for (const one of [store, bench.open()]) {
        expect(await one.verify("o-1")).toMatchObject({ ok: true, findings: [] });
        expect(await one.get("o-1")).toEqual(third.state);
        expect(await one.read("o-1")).toMatchObject({ version: 3, by: "carol", state: third.state });
        expect(await one.edit("o-1", "bob", () => {})).toMatchObject({ version: 3, state: third.state });
      }
      await undo();
    }
    expect(await bench.open().edit("o-1", "bob", setNote("on"))).toMatchObject({ version: 4, changed: true });
  },

  "an older view with a wrong state is no base either": async (bench) => {
    await threeVersions(bench);
    const [first] = await bench.open().history("o-1", { limit: 1 }).toArray();
    await damage(bench, { version: 1, hash: first?.hash ?? "", state: tampered });
    await refused(bench.open().edit("o-1", "bob", setNote("on sand")), "drift");
    await refused(bench.open().read("o-1"), "drift");
    expect((await bench.open().verify("o-1")).ok).toBe(false);
    expect(await bench.open().repair("o-1")).toMatchObject({ version: 3, state: { note: "third" } });
    expect(await bench.open().verify("o-1")).toMatchObject({ ok: true });
  },

  "a view above its log is refused, and repair lets its version fall": async (bench) => {
    const [, , third] = await threeVersions(bench);
    for (const change of [{ version: 7 }, { version: 4, hash: wrong, state: tampered }]) {
      await damage(bench, change);
      const calls = [
        () => bench.open().read("o-1"),
        () => bench.open().edit("o-1", "bob", setNote("ahead")),
        () => bench.open().delete("o-1", "bob"),
        () => bench.open().edit("o-1", "bob", () => {}),
      ];
      for (const call of calls) {
        const error = await storesNothing(bench.port, ["o-1"], () => refused(call(), "view_ahead"));
        expect(error.details).toMatchObject({ id: "o-1", view: change.version, head: 3 });
      }
      const failures: string[] = [];
      const onFailure = ({ message }: RebuildFailure) => failures.push(message);
      await rebuild(bench.open(), { projection: "view", onFailure });
      expect(failures).toEqual([
        expect.stringMatching(/^The view of document "o-1" has version \d, but the log ends at 3/),
      ]);
      const { findings } = await bench.open().verify("o-1");
      expect(findings).toMatchObject([{ kind: "cut", version: 4 }]);
      expect(await bench.open().repair("o-1")).toMatchObject({ version: 3, state: third.state });
      expect((await bench.port.views.get(["o-1"], portCall))[0]?.version).toBe(3);
      expect(await bench.open().verify("o-1")).toMatchObject({ ok: true });
    }
    expect(await bench.open().edit("o-1", "bob", setNote("on"))).toMatchObject({ version: 4, changed: true });
  },

  "repair of a view that is right changes nothing, and of an unknown document gives nothing": async (
    bench,
  ) => {
    const [, , third] = await threeVersions(bench);
    const store = bench.open();
    const repaired = await storesNothing(bench.port, ["o-1"], () => store.repair("o-1"));
    expect(repaired).toEqual(await store.read("o-1"));
    expect(repaired?.state).toEqual(third.state);
    expect(await store.repair("unknown")).toBeUndefined();
    expect(await store.verify("unknown")).toEqual({ id: "unknown", ok: true, version: 0, findings: [] });
  },
});
