import type { StoredCollection } from "@everdraft/core/adapter";
import { snapshotOf } from "@everdraft/core/internals";
import { expect } from "vitest";
import { appendsOf, chainOf } from "../build/chain-of.ts";
import { foldOf } from "../build/fold-of.ts";
import {
  at,
  type Bench,
  call,
  collectionName,
  expectExact,
  type PortSection,
  store,
  versions,
} from "./bench.ts";
import { expectFilled, fill } from "./filled-collection.ts";
import { section } from "./section.ts";

/** The data that is there after a storage was closed. */
export const reopen: PortSection = section("reopening", {
  "has everything still, of every collection": async (bench) => {
    const other = await bench.storage.open("other", call);
    const [mine, theirs] = [
      chainOf("a", [{ of: "kit" }, { of: "kit", n: 2 }]),
      chainOf("a", [{ of: "other" }]),
    ];
    await fill(bench, mine);
    await fill(other, theirs);
    await reopened(bench, async (open) => {
      await expectFilled(await open(collectionName), mine, bench.types);
      await expectFilled(await open("other"), theirs, bench.types);
    });
  },

  "goes on where it stopped, and knows every slot that is taken": async (bench) => {
    const chain = chainOf("a", 6);
    await store(bench, appendsOf(chain, 1, 4), "chain");
    await reopened(bench, async (open) => {
      const again = await open(collectionName);
      const [outcome] = await again.log.commit([{ event: at(chain.events, 3) }], "independent", call);
      expect(outcome?.event).toBe("taken");
      await store(again, appendsOf(chain, 5, 6), "chain");
      expect(await versions(again, "a")).toEqual([1, 2, 3, 4, 5, 6]);
      expect((await again.views.get(["a"], call))[0]?.version).toBe(6);
    });
  },

  "keeps deleted documents deleted": async (bench) => {
    await store(bench, appendsOf(chainOf("a", [{ n: 1 }, undefined])), "chain");
    await store(bench, appendsOf(chainOf("b", 1)));
    await reopened(bench, async (open) => {
      const again = await open(collectionName);
      expect((await again.views.find({ filter: {}, sort: [], limit: 10 }, call)).map(({ id }) => id)).toEqual(
        ["b"],
      );
      expect(await versions(again, "a")).toEqual([1, 2]);
    });
  },

  "remembers the ids of events, so that none is stored twice": async (bench) => {
    const chain = chainOf("a", 4);
    await store(bench, appendsOf(chain, 1, 3), "chain");
    await reopened(bench, async (open) => {
      const again = await open(collectionName);
      const [first, fourth] = [at(chain.events, 0), at(chain.events, 3)];
      expectExact(await again.log.byId("a", first.id, call), first, bench.types);
      const [outcome] = await again.log.commit([{ event: { ...fourth, id: first.id } }], "independent", call);
      expect(outcome?.event).toBe("taken");
      expect(await versions(again, "a")).toEqual([1, 2, 3]);
    });
  },

  "keeps rows, repaired views, and taken away what was taken away": async (bench) => {
    const { events, views } = chainOf("a", [{ n: 1 }, { n: 2 }]);
    await store(bench, appendsOf({ events, views }), "chain");
    const repaired = { ...at(views, 0), state: { n: "repaired" } };
    await bench.views.write(repaired, "any", call);
    const [one, two] = [1, 2].map((n) => snapshotOf(foldOf(events.slice(0, n)), "a", bench.types));
    for (const snapshot of [one, two]) if (snapshot !== undefined) await bench.snapshots.put(snapshot, call);
    await bench.snapshots.drop("a", 2, call);
    for (const name of ["kept", "gone"]) await bench.checkpoints.put(name, { name }, call);
    await bench.checkpoints.remove("gone", call);
    const set = { doc: "a", version: 2, rows: [{ n: 1 }, { n: 2 }] };
    for (const name of ["kept.v1", "gone.v1"])
      await (await bench.rows(name, [], call)).write(set, "lower", call);
    await bench.dropRows("gone.v1", call);
    await reopened(bench, async (open) => {
      const again = await open(collectionName);
      expectExact(await again.views.get(["a"], call), [repaired], bench.types);
      const around = await again.snapshots.around("a", { version: 9 }, call);
      expect(around.before?.version).toBe(1);
      expect(await again.checkpoints.list("", { limit: 9 }, call)).toEqual([
        { name: "kept", value: { name: "kept" } },
      ]);
      expectExact(await (await again.rows("kept.v1", [], call)).get(["a"], call), [set], bench.types);
      expect(await (await again.rows("gone.v1", [], call)).get(["a"], call)).toEqual([undefined]);
    });
  },

  "finds nothing in a fresh storage of what another one holds": async (bench) => {
    await fill(bench, chainOf("a", 1));
    const fresh = await bench.fixture.open();
    try {
      const collection = await fresh.storage.open(collectionName, call);
      expect(await collection.log.documents({ limit: 10 }, call)).toEqual([]);
      expect(await collection.views.count({}, call)).toBe(0);
      expect(await collection.checkpoints.get("one", call)).toBeUndefined();
    } finally {
      await fresh.close();
    }
    expect(await versions(bench, "a")).toEqual([1]);
  },
});

/**
 * Closes the storage and runs the proof on the same data opened anew. A storage that keeps nothing has
 * nothing to open: that it is closed is asserted.
 */
async function reopened(
  bench: Bench,
  prove: (open: (name: string) => Promise<StoredCollection>) => Promise<void>,
): Promise<void> {
  await bench.storage.close();
  const again = await bench.opened.reopen?.();
  if (again === undefined) {
    await expect(bench.log.head("a", 0, call)).rejects.toHaveProperty("code", "closed");
    return;
  }
  try {
    await prove((name) => again.open(name, call));
  } finally {
    await again.close();
  }
}
