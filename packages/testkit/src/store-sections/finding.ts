import type { Filter, FindOptions } from "@everdraft/core";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { linesOf, type Order, order } from "./order.ts";
import { refused } from "./refusals.ts";
import { patient, type StoreBench, type StoreSection } from "./store-bench.ts";

/** Finding and counting living documents. */
export const finding: StoreSection = section(
  "finding documents",
  {
    "find gives id, version, time, user and state of the documents that match": async (bench) => {
      await five(bench);
      const store = bench.open();
      const at = new Date(bench.clock.now);
      const state = order({ status: "paid", note: "c", lines: linesOf("C", "D"), placed: new Date(3) });
      expect(await store.find({ note: "c" }).toArray()).toEqual([
        { id: "c", version: 2, at, by: "bob", state },
      ]);
      expect(await store.find({ note: "nothing has this" }).toArray()).toEqual([]);
    },

    "the operators of the filter answer as they should, and count agrees": async (bench) => {
      await five(bench);
      const store = bench.open();
      const cases: readonly [Filter<Order> | undefined, string][] = [
        [undefined, "abcd"],
        [{}, "abcd"],
        [{ status: "open" }, "abd"],
        [{ status: { $ne: "open" } }, "c"],
        [{ "lines.qty": { $gt: 1 } }, "d"],
        [{ "lines.id": "C" }, "cd"],
        [{ "lines.0.id": "C" }, "c"],
        [{ lines: { $size: 2 } }, "cd"],
        [{ lines: { $elemMatch: { id: "C", qty: { $gte: 5 } } } }, "d"],
        [{ placed: { $lt: new Date(3) } }, "ab"],
        [{ placed: { $gte: new Date(3) }, note: { $in: ["a", "c"] } }, "c"],
        [{ mark: { $exists: true } }, "d"],
        [{ $or: [{ note: "a" }, { $and: [{ note: "d" }, { status: "open" }] }] }, "ad"],
        [{ $nor: [{ note: "a" }, { note: "b" }] }, "cd"],
        [{ note: { $regex: /^[AB]$/i } }, "ab"],
        [{ note: { $not: { $in: ["a", "b"] } } }, "cd"],
        [{ _id: "b" }, "b"],
        [{ _id: { $in: ["a", "d", "e", "x"] } }, "ad"],
        [{ _id: { $gt: "b" } }, "cd"],
      ];
      for (const [filter, wanted] of cases) {
        const found = await store.find(filter).toArray();
        const answer = { filter, ids: found.map(({ id }) => id).join(""), count: await store.count(filter) };
        expect(answer).toEqual({ filter, ids: wanted, count: wanted.length });
      }
    },

    "$all is met by what several elements of a list have together": async (bench) => {
      await five(bench);
      const filter: Filter<Order> = { "lines.id": { $all: ["C", "D"] } };
      const found = await bench.open().find(filter).toArray();
      expect(found.map(({ id }) => id)).toEqual(["c", "d"]);
      expect(await bench.open().count(filter)).toBe(2);
    },

    "find sorts by fields, equal ones by id, and cuts at a limit": async (bench) => {
      await five(bench);
      const store = bench.open();
      const cases: readonly [FindOptions<Order>, string][] = [
        [{ sort: { note: -1 } }, "dcba"],
        [{ sort: { status: 1 } }, "abdc"],
        [{ sort: { status: -1, note: -1 } }, "cdba"],
        [{ sort: { placed: -1 }, limit: 2 }, "dc"],
        [{ sort: { "lines.qty": -1, note: 1 } }, "dabc"],
        [{ limit: 3 }, "abc"],
        [{ limit: 100 }, "abcd"],
      ];
      for (const [options, wanted] of cases) {
        const found = await store.find({}, options).toArray();
        const ids = found.map(({ id }) => id).join("");
        if (options.sort !== undefined && "lines.qty" in options.sort) expect(ids[0]).toBe("d");
        else expect({ options, ids }).toEqual({ options, ids: wanted });
      }
    },

    "find over 350 documents comes whole, sorted or not, and can be left early": async ({ open }) => {
      const store = open();
      const ids = Array.from({ length: 350 }, (_, i) => `o-${String(i).padStart(3, "0")}`);
      await Promise.all(ids.map((id, i) => store.create(id, "alice", order({ note: `${i % 10}` }), patient)));
      const cold = open();
      expect((await cold.find().toArray()).map(({ id }) => id)).toEqual(ids);
      const sorted = await cold.find({}, { sort: { note: -1 } }).toArray();
      expect(sorted.map(({ id }) => id).toSorted()).toEqual(ids);
      const notes = sorted.map(({ state }) => state.note);
      expect(notes).toEqual(notes.toSorted().toReversed());
      expect(await cold.count()).toBe(350);
      expect(await cold.count({ note: "3" })).toBe(35);
      const seen: string[] = [];
      for await (const { id } of cold.find()) {
        seen.push(id);
        if (seen.length === 150) break;
      }
      expect(seen).toEqual(ids.slice(0, 150));
      expect(await cold.find({}, { limit: 340 }).toArray()).toHaveLength(340);
    },

    "select gives only these fields, and filters and sorts by all": async (bench) => {
      await five(bench);
      const found = await bench
        .open()
        .find({ status: "open" }, { select: ["note", "mark"], sort: { placed: -1 } })
        .toArray();
      expect(found.map(({ id, state }) => [id, state])).toEqual([
        ["d", { note: "d", mark: Uint8Array.of(4) }],
        ["b", { note: "b" }],
        ["a", { note: "a" }],
      ]);
    },
  },
  {
    "what is outside the language of filters is refused": async (bench) => {
      await five(bench);
      const store = bench.open();
      const wrong: unknown[] = [
        { $where: "1" },
        { note: { $type: 2 } },
        { lines: { id: "A" } },
        { $text: {} },
        7,
      ];
      for (const filter of wrong) {
        await refused(store.find(filter as Filter<Order>).toArray(), "filter");
        await refused(store.count(filter as Filter<Order>), "filter");
      }
    },
  },
);

/** Four documents a to d, each edited, c paid, and e deleted. */
async function five({ open }: StoreBench): Promise<void> {
  const store = open();
  const states: Record<string, Order> = {
    a: order({ note: "a", placed: new Date(1) }),
    b: order({ note: "b", placed: new Date(2), lines: linesOf("A") }),
    c: order({ note: "c", placed: new Date(3), lines: linesOf("C", "D"), status: "paid" }),
    d: order({
      note: "d",
      placed: new Date(4),
      mark: Uint8Array.of(4),
      lines: [...linesOf("D"), { id: "C", qty: 9 }],
    }),
    e: order({ note: "e" }),
  };
  for (const [id, state] of Object.entries(states)) {
    await store.create(id, "alice", order());
    await store.replace(id, "bob", state);
  }
  await store.delete("e", "bob");
}
