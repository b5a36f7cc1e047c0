import { applyPatches } from "@everdraft/core/internals";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { linesOf, type Order, order } from "./order.ts";
import { refused, storesNothing } from "./refusals.ts";
import type { StoreBench, StoreSection } from "./store-bench.ts";

/** Going back: exact, as one new event, and never over the events that happened. */
export const reverts: StoreSection = section("reverting", {
  "revert gives exactly the state of a moment, by version and by date, as one new event": async (bench) => {
    const { states, times } = await fiveVersions(bench);
    const store = bench.open();
    let version = 5;
    for (const [i, state] of states.entries()) {
      for (const moment of [{ version: i + 1 }, new Date(times[i] as number)]) {
        const reverted = await store.revert("o-1", "carol", moment);
        if (reverted.changed) version++;
        expect(reverted).toMatchObject({ version, state });
        expect(reverted.state).toEqual(state);
      }
    }
    expect(await bench.open().history("o-1", { type: "reverted" }).toArray()).toHaveLength(version - 5);
    for (const [i, state] of states.entries())
      expect(await store.stateAt("o-1", { version: i + 1 })).toEqual(state);
    expect(await store.verify("o-1")).toMatchObject({ ok: true, version });
  },

  "the event tells to which version it went back, and by which date": async (bench) => {
    const { times } = await fiveVersions(bench);
    const store = bench.open();
    await store.revert("o-1", "carol", { version: 2 });
    const date = new Date((times[2] as number) + 1);
    await store.revert("o-1", "carol", date);
    const refs = (await store.history("o-1", { type: "reverted" }).toArray()).map(({ ref }) => ref);
    expect(refs).toEqual([{ version: 2 }, { version: 3, at: date }]);
  },

  "reverting the revert gives back what was": async (bench) => {
    const { states } = await fiveVersions(bench);
    const store = bench.open();
    await store.revert("o-1", "carol", { version: 1 });
    expect((await store.revert("o-1", "carol", { version: 5 })).state).toEqual(states[4]);
    expect((await store.revert("o-1", "carol", { version: 6 })).state).toEqual(states[0]);
    expect(await bench.open().get("o-1")).toEqual(states[0]);
  },

  "a deleted document can be reverted to a moment of its life": async (bench) => {
    const { states } = await fiveVersions(bench);
    await bench.open().delete("o-1", "dave");
    const reverted = await bench.open().revert("o-1", "carol", { version: 2 });
    expect(reverted).toMatchObject({ version: 7, changed: true });
    expect(reverted.state).toEqual(states[1]);
    expect(await bench.open().get("o-1")).toEqual(states[1]);
  },

  "revert to a moment of absence is refused and says so": async (bench) => {
    const { times } = await fiveVersions(bench);
    const store = bench.open();
    await store.delete("o-1", "dave");
    const gone = new Date(bench.clock.now);
    bench.clock.forward(1000);
    await store.create("o-1", "dave", order());
    const before = new Date((times[0] as number) - 1);
    for (const moment of [before, { version: 6 }, gone]) {
      for (const revert of [
        () => store.revert("o-1", "carol", moment),
        () => store.planRevert("o-1", moment),
      ])
        await storesNothing(bench.port, ["o-1"], () => refused(revert(), "absent"));
    }
    const ahead = await refused(store.revert("o-1", "carol", { version: 8 }), "version_ahead");
    expect(ahead.details).toMatchObject({ id: "o-1", version: 8, head: 7 });
  },

  "a plan of a revert stores nothing; its patches applied by hand give the state of the moment": async (
    bench,
  ) => {
    const { states } = await fiveVersions(bench);
    const store = bench.open();
    for (const [i, state] of states.entries()) {
      const plan = await storesNothing(bench.port, ["o-1"], () =>
        store.planRevert("o-1", { version: i + 1 }),
      );
      expect(plan).toMatchObject({ id: "o-1", to: i + 1, version: 5 });
      expect(applyPatches(states[4], plan.patches)).toEqual(state);
    }
  },

  "a plan of a revert lists the later events that would be taken back, oldest first": async (bench) => {
    const { times } = await fiveVersions(bench);
    const store = bench.open();
    const events = await store.history("o-1").toArray();
    for (const moment of [{ version: 2 }, new Date(times[1] as number)]) {
      const plan = await store.planRevert("o-1", moment);
      expect(plan.takesBack).toEqual(events.slice(2));
    }
    expect((await store.planRevert("o-1", { version: 5 })).takesBack).toEqual([]);
  },

  "a revert stores the patches that its plan named, also on a deleted document": async (bench) => {
    await fiveVersions(bench);
    const store = bench.open();
    for (const version of [3, 1]) {
      const plan = await store.planRevert("o-1", { version });
      expect((await store.revert("o-1", "carol", { version })).patches).toEqual(plan.patches);
      await store.delete("o-1", "dave");
    }
    const plan = await store.planRevert("o-1", { version: 4 });
    const reverted = await store.revert("o-1", "carol", { version: 4 });
    expect(reverted.patches).toEqual(plan.patches);
    expect(applyPatches(undefined, plan.patches)).toEqual(reverted.state);
  },

  "a revert to the past brings back dates, bytes and removed fields": async ({ open }) => {
    const store = open();
    const first = order({ placed: new Date(5), mark: Uint8Array.of(1, 2), note: "n" });
    await store.create("o-1", "alice", first);
    await store.replace("o-1", "alice", order({ placed: new Date(6), mark: Uint8Array.of(1, 3) }));
    await store.replace("o-1", "alice", order());
    expect((await open().revert("o-1", "bob", { version: 1 })).state).toEqual(first);
    expect(await open().get("o-1")).toEqual(first);
  },
});

/** o-1 in five versions, a second apart. */
async function fiveVersions({ open, clock }: StoreBench): Promise<{ states: Order[]; times: number[] }> {
  const store = open();
  const states = [
    order(),
    order({ lines: linesOf("A", "B", "C") }),
    order({ lines: linesOf("C", "B"), status: "paid" }),
    order({ lines: linesOf("B", "X", "C"), note: "n" }),
    order({ lines: [{ id: "C", qty: 5 }], note: "m", status: "sent" }),
  ];
  const times: number[] = [];
  for (const [i, state] of states.entries()) {
    times.push(clock.forward(1000).getTime());
    if (i === 0) await store.create("o-1", "alice", state);
    else await store.replace("o-1", "alice", state);
  }
  clock.forward(1000);
  return { states, times };
}
