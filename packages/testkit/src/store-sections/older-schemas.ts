import type { FindOptions } from "@everdraft/core";
import { withoutHistory } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { found, ids, mixed, mixedAgain, told } from "./mixed-schemas.ts";
import { type First, type Third, third } from "./people.ts";
import { portCall, type StoreSection } from "./store-bench.ts";
import { wrapStorage } from "./wrap-storage.ts";

/** Filters over fields that migrations make, and the people that they find. */
const filters: readonly [object, string][] = [
  [{}, "abcdefg"],
  [{ last: "Byron" }, "adf"],
  [{ last: { $ne: "Byron" } }, "bceg"],
  [{ name: { $exists: true } }, ""],
  [{ phones: { $size: 1 } }, "abc"],
  [{ phones: "2", _id: { $gt: "b" } }, "c"],
  [{ $or: [{ first: "Eve" }, { first: "Dan" }] }, "de"],
  [{ _id: { $in: ["a", "d", "x"] } }, "ad"],
];

const sorts: readonly [FindOptions<Third>, string][] = [
  [{ sort: { last: 1 } }, "cadfbeg"],
  [{ sort: { last: -1 } }, "gebadfc"],
  [{ sort: { first: -1 } }, "gfedcba"],
  [{ sort: { last: 1, first: -1 }, limit: 3 }, "cfd"],
  [{ sort: { _id: -1 } as object }, "gfedcba"],
];

/** Finds and counts of a store while there are documents of older schema versions than its own. */
export const olderSchemas: StoreSection = section(
  "finding documents of older schemas",
  {
    "filters, sorts and counts are right for documents of an older schema at once": async (bench) => {
      const { newer } = await mixed(bench);
      for (const [filter, wanted] of filters) {
        expect([filter, await found(newer, filter)]).toEqual([filter, wanted]);
        expect([filter, await newer.count(filter)]).toEqual([filter, wanted.length]);
      }
      for (const [options, wanted] of sorts)
        expect([options, await found(newer, {}, options)]).toEqual([options, wanted]);
      expect(await found(newer, { last: "Byron" }, { sort: { first: -1 }, limit: 2 })).toBe("fd");
      const [ada] = await newer.find({ first: "Ada" }, { select: ["last", "phones"] }).toArray();
      expect(ada).toMatchObject({
        id: "a",
        version: 1,
        by: "alice",
        state: { last: "Byron", phones: ["0"] },
      });
      expect(Object.keys(ada?.state ?? {})).toEqual(["last", "phones"]);
    },

    "pages go through older and current documents in one order": async (bench) => {
      const { newer } = await mixed(bench);
      for (const [options, wanted] of [
        [{}, "abcdefg"],
        ...sorts.filter(([{ limit }]) => limit === undefined),
      ] as const) {
        const seen: string[] = [];
        for (let cursor: string | undefined; seen.length < 20; ) {
          const list = newer.find({ first: { $gt: "" } }, options);
          const page = await list.page({ limit: 2, ...(cursor !== undefined && { cursor }) });
          seen.push(...page.items.map(({ id }) => id));
          cursor = page.next;
          if (cursor === undefined) break;
        }
        expect([options, seen.join("")]).toEqual([options, wanted]);
      }
    },

    "a document that goes back to a state of an older schema is found by its migrated state": async (
      bench,
    ) => {
      const { newer } = await mixed(bench);
      await newer.edit("a", "bob", (draft) => void Object.assign(draft, { last: "Lovelace" }));
      expect(await found(newer, { last: "Lovelace" })).toBe("a");
      await newer.revert("a", "bob", { version: 1 });
      expect(await found(newer, { last: "Byron" })).toBe("adf");
      expect(await newer.count({ last: "Lovelace" })).toBe(0);
    },

    "documents that are brought up meanwhile come once": async (bench) => {
      for (const options of [{}, { sort: { first: 1 } }, { sort: { phones: -1 } }] as const) {
        const fresh = await mixedAgain(
          bench,
          options.sort === undefined ? "0" : (Object.keys(options.sort)[0] as string),
        );
        const seen: string[] = [];
        for await (const { id } of fresh.find({ first: { $gt: "" } }, options)) {
          seen.push(id);
          if (seen.length === 1)
            await Promise.all(
              ids.map((one) => fresh.edit(one, "job", (draft) => void draft.phones.unshift("9"))),
            );
        }
        expect(seen.toSorted()).toEqual(ids);
      }
    },

    "a document that cannot be migrated fails a find over fields by name, and no other find": async (
      bench,
    ) => {
      await mixed(bench);
      const picky = bench.open<Third>({
        schemaVersion: 3,
        migrations: {
          1: ({ name }: First) => (name === "Eve Dill" ? fail() : { first: name, last: "" }),
          2: (state) => state,
        },
      });
      for (const call of [() => picky.find({ last: "" }).toArray(), () => picky.count({ last: "" })])
        await expect(call()).rejects.toBe(unable);
      expect(told(bench.notices, "migration-failed")).toMatchObject([{ id: "e" }, { id: "e" }]);
      expect(await found(picky, { _id: { $lt: "d" } })).toBe("abc");
      expect(await found(picky, { _id: { $gt: "e" }, last: "Byron" })).toBe("f");
      expect(await picky.count()).toBe(7);
    },

    "a document without any history is taken for one of the store's schema": async (bench) => {
      const { newer } = await mixed(bench);
      const state = { first: "Raw", last: "Byron", phones: [] };
      await bench.port.views.write({ ...withoutHistory, id: "h", state }, "any", portCall);
      expect(await found(newer, { last: "Byron" })).toBe("adfh");
      expect(await found(newer, {}, { sort: { first: -1 }, limit: 2 })).toBe("hg");
      expect(await newer.count({ first: "Raw" })).toBe(1);
      expect(await newer.count()).toBe(8);
    },
  },
  {
    "each iteration and count tells once that there are older documents, where it looks at fields": async (
      bench,
    ) => {
      const { newer } = await mixed(bench);
      const calls: readonly [number, () => Promise<unknown>][] = [
        [1, () => newer.find({ last: "Byron" }).toArray()],
        [1, () => newer.find({}, { sort: { first: 1 } }).toArray()],
        [1, () => newer.count({ last: "Byron" })],
        [0, () => newer.find({ _id: "a" }).toArray()],
        [0, () => newer.find({ _id: "b", last: "Crow" }).toArray()],
        [0, () => newer.count()],
      ];
      for (const [times, call] of calls) {
        bench.notices.length = 0;
        await call();
        expect([String(call), told(bench.notices, "older-schema").length]).toEqual([String(call), times]);
      }
      await newer.count({ last: "Byron" });
      expect(told(bench.notices, "older-schema")).toMatchObject([{ id: "a", found: 1, known: 3 }]);
    },

    "where there are none, a find asks the storage no more than once more, and not once in schema 1": async (
      bench,
    ) => {
      let asked = 0;
      const storage = wrapStorage(bench.storage, ({ views }) => ({
        views: {
          find: (...given) => {
            asked++;
            return views.find(...given);
          },
          count: (...given) => {
            asked++;
            return views.count(...given);
          },
        },
      }));
      const [first, latest] = [
        bench.open<First>({ storage }),
        bench.open<Third>({ ...third, storage, collection: "people" }),
      ];
      await first.create("a", "alice", { name: "Ada Byron" });
      await latest.create("a", "alice", { first: "Ada", last: "Byron", phones: [] });
      const calls: readonly [number, () => Promise<unknown>][] = [
        [1, () => first.find().toArray()],
        [1, () => first.find({ name: "Ada Byron" }).toArray()],
        [1, () => first.find({}, { sort: { name: 1 } }).toArray()],
        [2, () => first.count({ name: "Ada Byron" })],
        [1, () => latest.find().toArray()],
        [2, () => latest.find({ last: "Byron" }).toArray()],
        [2, () => latest.find({}, { sort: { last: 1 } }).toArray()],
        [3, () => latest.count({ last: "Byron" })],
      ];
      for (const [most, call] of calls) {
        asked = 0;
        await call();
        expect(asked, String(call)).toBeLessThanOrEqual(most);
      }
      expect(bench.notices).toEqual([]);
    },
  },
);

const unable = new Error("no");

function fail(): never {
  throw unable;
}
