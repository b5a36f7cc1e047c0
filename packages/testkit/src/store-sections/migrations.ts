import { applyPatches } from "@everdraft/core/internals";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { ada, type First, lovelace, type Third, third, twoOld } from "./people.ts";
import { storesNothing } from "./refusals.ts";
import { patient, type StoreSection } from "./store-bench.ts";

/** States of older schemas: migrated when handed out, and in the log only by an edit. */
export const migrations: StoreSection = section("migrations", {
  "states of an older schema are migrated wherever they are handed out": async (bench) => {
    const { newer, port } = await twoOld(bench);
    await storesNothing(port, ["p"], async () => {
      expect(await newer.get("p")).toEqual(lovelace);
      expect(await newer.getMany(["p"])).toEqual([lovelace]);
      expect(await newer.read("p")).toMatchObject({ version: 2, state: lovelace });
      expect(await newer.stateAt("p", { version: 1 })).toEqual(ada);
      expect(await newer.stateAt("p", { version: 2 })).toEqual(lovelace);
      expect((await newer.find().toArray()).map(({ state }) => state)).toEqual([lovelace]);
      const plan = await newer.planRevert("p", { version: 1 });
      expect(plan).toMatchObject({ to: 1, version: 2, takesBack: [{ version: 2 }] });
    });
    expect(await newer.verify("p")).toMatchObject({ ok: true, version: 2 });
  },

  "an edit on an old state stores one event: the migration's patches, then the recipe's": async (bench) => {
    const { newer, older } = await twoOld(bench);
    const before = await older.get("p");
    const edited = await newer.edit("p", "bob", (draft) => void draft.phones.push("2"));
    const state = { ...lovelace, phones: ["1", "2"] };
    expect(edited).toMatchObject({ version: 3, changed: true, state });
    const events = await newer.history("p").toArray();
    expect(events.map(({ schema, migrated }) => [schema, migrated])).toEqual([
      [1, undefined],
      [1, undefined],
      [3, expect.any(Number)],
    ]);
    const { patches, migrated = 0 } = events[2] as (typeof events)[number];
    expect(patches).toEqual(edited.patches);
    expect(migrated).toBeGreaterThan(2);
    expect(applyPatches(before, patches.slice(0, migrated))).toEqual(lovelace);
    expect(applyPatches(lovelace, patches.slice(migrated))).toEqual(state);
    const next = await newer.edit("p", "bob", (draft) => void draft.phones.pop());
    expect(next.patches).toEqual([{ op: "remove", path: ["phones", 1] }]);
    expect((await newer.history("p", { from: { version: 4 } }).toArray())[0]?.migrated).toBeUndefined();
    for (const one of [newer, bench.open<Third>(third)]) {
      expect(await one.stateAt("p", { version: 1 })).toEqual(ada);
      expect(await one.stateAt("p", { version: 2 })).toEqual(lovelace);
      expect(await one.stateAt("p", { version: 3 })).toEqual(state);
      expect(await one.verify("p")).toMatchObject({ ok: true, version: 4 });
    }
  },

  "an edit that changes nothing on an old state stores nothing": async (bench) => {
    const { newer, port } = await twoOld(bench);
    const acts = [
      () => newer.edit("p", "bob", () => {}),
      () => newer.replace("p", "bob", lovelace),
      () => newer.restore("p", "bob"),
      () => newer.revert("p", "bob", { version: 2 }),
    ];
    for (const act of acts) {
      const answer = await storesNothing(port, ["p"], act);
      expect(answer).toMatchObject({ changed: false, patches: [], version: 2, by: "alice", state: lovelace });
    }
  },

  "replace, delete and restore work on old states": async (bench) => {
    const { newer } = await twoOld(bench);
    expect(await newer.delete("p", "bob")).toMatchObject({ version: 3, changed: true });
    expect((await newer.restore("p", "bob")).state).toEqual(lovelace);
    const state = { ...ada, phones: [] };
    expect((await newer.replace("p", "bob", state)).state).toEqual(state);
    const cold = bench.open<Third>(third);
    expect(await cold.get("p")).toEqual(state);
    expect(await cold.stateAt("p", { version: 4 })).toEqual(lovelace);
    expect(await cold.verify("p")).toMatchObject({ ok: true, version: 5 });
  },

  "a revert to a moment of an older schema gives that state, migrated": async (bench) => {
    const { newer } = await twoOld(bench);
    await newer.edit("p", "bob", (draft) => void draft.phones.push("2"));
    const plan = await newer.planRevert("p", { version: 1 });
    const reverted = await newer.revert("p", "carol", { version: 1 });
    expect(reverted).toMatchObject({ version: 4, changed: true, state: ada });
    expect(reverted.patches).toEqual(plan.patches);
    const cold = bench.open<Third>(third);
    expect(await cold.get("p")).toEqual(ada);
    expect(await cold.stateAt("p", { version: 4 })).toEqual(await cold.stateAt("p", { version: 1 }));
    expect((await cold.revert("p", "carol", { version: 3 })).state.phones).toEqual(["1", "2"]);
    expect((await cold.edit("p", "carol", (draft) => void draft.phones.pop())).state).toEqual(lovelace);
    expect(await cold.verify("p")).toMatchObject({ ok: true, version: 6 });
  },

  "old states are found behind snapshots too": async (bench) => {
    const older = bench.open<First & { pad: string; n: number }>();
    await older.create("p", "alice", { name: "Ada Byron", pad: "x".repeat(3000), n: 1 });
    const edits = Array.from({ length: 299 }, () =>
      older.edit("p", "alice", (draft) => void draft.n++, patient),
    );
    await Promise.all(edits);
    await older.close();
    const newer = bench.open<Third & { n: number }>(third);
    for (let version = 1; version <= 300; version += 23) {
      const state = await newer.stateAt("p", { version });
      expect(state).toMatchObject({ first: "Ada", last: "Byron", phones: [], n: version });
    }
    expect((await newer.edit("p", "bob", (draft) => void draft.n++)).state).toMatchObject({
      n: 301,
      phones: [],
    });
    expect(await newer.verify("p")).toMatchObject({ ok: true, version: 301 });
  },
});
