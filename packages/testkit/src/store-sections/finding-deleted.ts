import { type FindDeletedOptions, newId, type Store } from "@everdraft/core";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { type Order, order, setNote } from "./order.ts";
import { type First, type Third, third } from "./people.ts";
import { refused } from "./refusals.ts";
import type { StoreBench, StoreSection } from "./store-bench.ts";

/** Finding documents that were deleted. */
export const findingDeleted: StoreSection = section(
  "finding deleted documents",
  {
    "a deleted document comes with its last state, and with who deleted it when": async (bench) => {
      const store = await mixed(bench);
      const [first, ...others] = await store.find({}, { deleted: "only" }).toArray();
      expect(first).toEqual({
        kind: "deleted",
        id: "b",
        version: 3,
        at: new Date(bench.clock.now - 2),
        by: "carol",
        state: order({ note: "b", status: "paid" }),
      });
      expect(others.map(({ id, by }) => [id, by])).toEqual([
        ["d", "dave"],
        ["f", "carol"],
      ]);
    },

    "filter, order, limit and selection go by the last state": async (bench) => {
      const store = await mixed(bench);
      const cases: readonly [object, FindDeletedOptions<Order>, string][] = [
        [{}, { deleted: "only" }, "bdf"],
        [{}, { deleted: "include" }, "abcdef"],
        [{}, { deleted: "include", limit: 4 }, "abcd"],
        [{}, { deleted: "include", sort: { note: -1 } }, "fedcba"],
        [{}, { deleted: "include", sort: { status: -1, note: -1 }, limit: 4 }, "cbfe"],
        [{}, { deleted: "only", sort: { note: -1 }, limit: 2 }, "fd"],
        [{ status: "paid" }, { deleted: "include" }, "bc"],
        [{ status: "paid" }, { deleted: "only" }, "b"],
        [{ _id: { $gt: "b" } }, { deleted: "only" }, "df"],
        [{ note: { $in: ["a", "d"] } }, { deleted: "include", sort: { note: 1 } }, "ad"],
      ];
      for (const [filter, options, wanted] of cases) {
        const list = () => bench.open().find(filter, options);
        const found = await list().toArray();
        expect([filter, options, found.map(({ id }) => id).join("")]).toEqual([filter, options, wanted]);
        const kinds = found.map(({ id, kind }) => [id, kind]);
        expect(kinds).toEqual(found.map(({ id }) => [id, "bdf".includes(id) ? "deleted" : "living"]));
        const pages: unknown[] = [];
        for (let cursor: string | undefined; ; ) {
          const page = await list().page({ limit: 2, ...(cursor !== undefined && { cursor }) });
          pages.push(...page.items);
          if (page.next === undefined) break;
          cursor = page.next;
        }
        expect(pages).toEqual(found);
      }
      const [selected] = await store.find({}, { deleted: "only", select: ["note"] }).toArray();
      expect(selected?.state).toEqual({ note: "b" });
    },

    "of a document that was deleted twice the last deletion counts, also with a blank behind it, and a restored one lives":
      async (bench) => {
        const store = bench.open();
        await store.create("o-1", "alice", order({ note: "first" }));
        await store.delete("o-1", "bob");
        await store.restore("o-1", "bob");
        expect(await store.find({}, { deleted: "only" }).toArray()).toEqual([]);
        await store.edit("o-1", "bob", setNote("second"));
        await store.delete("o-1", "carol");
        await store.resolve("o-1", { eventId: newId(), version: 6 }, { settle: "dave" });
        expect(await store.history("o-1", { blanks: true }).toArray()).toHaveLength(6);
        expect(await store.find({}, { deleted: "only" }).toArray()).toMatchObject([
          { id: "o-1", version: 5, by: "carol", state: { note: "second" } },
        ]);
      },

    "over 600 documents all deleted ones come, among the living ones too": async (bench) => {
      const store = bench.open();
      const ids = Array.from({ length: 620 }, (_, i) => `t-${String(i).padStart(3, "0")}`);
      const at = new Date(bench.clock.now);
      await store.import(ids.map((id) => ({ id, at, by: "alice", state: order() })));
      const gone = ids.filter((_, i) => i % 100 === 7);
      for (const id of gone) await store.delete(id, "bob");
      expect((await store.find({}, { deleted: "only" }).toArray()).map(({ id }) => id)).toEqual(gone);
      const all = await bench
        .open()
        .find({}, { deleted: "include", sort: { status: 1 } })
        .toArray();
      expect(all.map(({ id }) => id)).toEqual(ids);
    },
  },
  {
    "states are in the schema of the store, and newer ones are left out or refused": async (bench) => {
      const older = bench.open<First>();
      const newer = bench.open<Third>(third);
      await older.create("a", "alice", { name: "Ada Byron" });
      await older.delete("a", "bob");
      await newer.create("b", "alice", { first: "Bob", last: "Crow", phones: [] });
      await newer.delete("b", "bob");
      const found = await newer.find({ last: { $exists: true } }, { deleted: "only" }).toArray();
      expect(found.map(({ id, state }) => [id, state])).toEqual([
        ["a", { first: "Ada", last: "Byron", phones: [] }],
        ["b", { first: "Bob", last: "Crow", phones: [] }],
      ]);
      expect((await older.find({}, { deleted: "only" }).toArray()).map(({ id }) => id)).toEqual(["a"]);
      await refused(older.find({}, { deleted: "include", onNewer: "refuse" }).toArray(), "schema_too_new");
    },

    "a wrong word for deleted documents is refused, and count and explain have no such option": async ({
      open,
    }) => {
      const store = open();
      for (const deleted of [true, "yes", null] as never[])
        await refused(store.find({}, { deleted }).toArray(), "options");
      await refused(store.count({}, { deleted: "only" } as never), "options");
      await refused(store.explain({}, { deleted: "only" } as never), "options");
    },
  },
);

/** Documents a to f, of which b, d and f were deleted. */
async function mixed({ open, clock }: StoreBench): Promise<Store<Order>> {
  const store = open();
  for (const id of ["a", "b", "c", "d", "e", "f"]) await store.create(id, "alice", order({ note: id }));
  for (const id of ["b", "c"])
    await store.edit(id, "bob", (draft) => void Object.assign(draft, { status: "paid" }));
  for (const [id, user] of [
    ["b", "carol"],
    ["d", "dave"],
    ["f", "carol"],
  ] as const) {
    clock.forward(1);
    await store.delete(id, user);
  }
  return store;
}
