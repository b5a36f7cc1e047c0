import { defineProjection, type FindOptions, type Notice, type Store } from "@everdraft/core";
import { withoutHistory } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { type First, type Third, third } from "./people.ts";
import { refused } from "./refusals.ts";
import { portCall, type StoreBench } from "./store-bench.ts";
import { type StoreSection, storeSection } from "./store-section.ts";
import { wrapStorage } from "./wrap-storage.ts";

const names = ["Ada Byron", "Bob Crow", "Cid Adams", "Dan Byron", "Eve Dill", "Fay Byron", "Gus Ems"];
const ids = ["a", "b", "c", "d", "e", "f", "g"];

interface Mixed {
  readonly older: Store<First>;
  readonly newer: Store<Third>;
}

/** Seven people, every second one of schema 1 (a, c, e, g), the others of schema 3. */
async function mixed(bench: StoreBench): Promise<Mixed> {
  const [older, newer] = [bench.open<First>(), bench.open<Third>(third)];
  for (const [i, name] of names.entries()) {
    const [first = "", last = ""] = name.split(" ");
    const phones = i < 3 ? [`${i}`] : [];
    const id = ids[i] as string;
    if (i % 2 === 0) await older.create(id, "alice", { name, ...(i < 3 && { phone: `${i}` }) });
    else await newer.create(id, "alice", { first, last, phones });
  }
  return { older, newer };
}

const told = (notices: readonly Notice[], type: Notice["type"]): Notice[] =>
  notices.filter((notice) => notice.type === type);

async function found(store: Store<Third>, filter: object, options: FindOptions<Third> = {}): Promise<string> {
  const documents = await store.find(filter, options).toArray();
  return documents.map(({ id }) => id).join("");
}

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

/** Finds and counts of a store while there are documents of other schema versions than its own. */
export const otherSchemas: StoreSection = storeSection("finding documents of other schemas", {
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
    expect(ada).toMatchObject({ id: "a", version: 1, by: "alice", state: { last: "Byron", phones: ["0"] } });
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

  "a document that goes back to a state of an older schema is found by its migrated state": async (bench) => {
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

  "a document that cannot be migrated fails a find over fields by name, and no other find": async (bench) => {
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

  "documents of a newer schema are left out with a notice, or refused": async (bench) => {
    const { older } = await mixed(bench);
    const calls: readonly [
      string,
      (options: { onNewer?: "skip" | "refuse" }) => Promise<unknown>,
      unknown,
    ][] = [
      ["all", (options) => idsOf(older.find({}, options)), "aceg"],
      ["by a field", (options) => idsOf(older.find({ name: { $gt: "B" } }, options)), "ceg"],
      ["sorted", (options) => idsOf(older.find({}, { sort: { name: -1 }, ...options })), "geca"],
      ["cut", (options) => idsOf(older.find({}, { sort: { name: 1 }, limit: 3, ...options })), "ace"],
      ["what newer ones lack", (options) => idsOf(older.find({ name: { $exists: false } }, options)), ""],
      ["count of all", (options) => older.count({}, options), 4],
      ["count by a field", (options) => older.count({ name: { $gt: "B" } }, options), 3],
      ["count of what newer ones lack", (options) => older.count({ name: { $exists: false } }, options), 0],
    ];
    for (const [what, call, wanted] of calls) {
      bench.notices.length = 0;
      expect([what, await call({})]).toEqual([what, wanted]);
      expect(told(bench.notices, "newer-schema").length, what).toBeLessThan(2);
      expect([what, await call({ onNewer: "skip" })]).toEqual([what, wanted]);
      const error = await refused(call({ onNewer: "refuse" }), "schema_too_new");
      expect(error.details).toMatchObject({ found: 3, known: 1 });
    }
    bench.notices.length = 0;
    await older.find().toArray();
    await older.count();
    expect(told(bench.notices, "newer-schema")).toMatchObject([
      { id: "b", found: 3, known: 1 },
      { id: "b", found: 3, known: 1 },
    ]);
    for (const onNewer of ["ask", true, null] as never[]) {
      await refused(older.find({}, { onNewer }).toArray(), "options");
      await refused(older.count({}, { onNewer }), "options");
    }
    // a document that was asked for by its id is no accident
    await refused(older.getMany(["a", "b"]), "schema_too_new");
    expect(await idsOf(older.find({ _id: { $in: ["a", "c"] } }, { onNewer: "refuse" }))).toBe("ac");
  },

  "older and newer documents at once are each taken as they should": async (bench) => {
    const { older, newer } = await mixed(bench);
    const between = bench.open<{ first: string; last: string }>({
      schemaVersion: 2,
      migrations: { 1: third.migrations?.[1] as never },
    });
    await newer.delete("b", "bob");
    await older.delete("c", "bob");
    expect(await idsOf(between.find({}, { sort: { last: -1 } }))).toBe("gea");
    expect(await idsOf(between.find({ first: { $exists: true } }))).toBe("aeg");
    expect(await between.count({ last: "Byron" })).toBe(1);
    expect(await between.count()).toBe(3);
    expect(told(bench.notices, "older-schema").length).toBeGreaterThan(0);
    expect(told(bench.notices, "newer-schema").length).toBeGreaterThan(0);
  },

  "a document of a newer schema keeps no sweep and no read of rows from the others": async (bench) => {
    const named = defineProjection({ name: "named", version: 1, rows: ({ name }: First) => ({ name }) });
    const older = bench.open<First>({ projections: [named] });
    for (const id of ["a", "b"]) await older.create(id, "alice", { name: "Ada Byron" });
    // both by processes that do not have the projection
    await bench
      .open<Third>(third)
      .edit("a", "bob", (draft) => void Object.assign(draft, { last: "Lovelace" }));
    await bench.open<First>().edit("b", "bob", (draft) => void Object.assign(draft, { name: "Bob Crow" }));
    await refused(older.read("a"), "schema_too_new");
    expect(await older.sweep()).toMatchObject({ broughtForward: 1 });
    bench.notices.length = 0;
    const rows = await older.rows("named").find().toArray();
    expect(rows.map(({ id, row }) => `${id}: ${row.name}`)).toEqual(["a: Ada Byron", "b: Bob Crow"]);
    // nothing is tried again that this store cannot do
    expect(bench.notices).toEqual([]);
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
});

/** The same people in a collection of their own. */
async function mixedAgain(bench: StoreBench, collection: string): Promise<Store<Third>> {
  const open = <T extends object>(options = {}) => bench.open<T>({ collection, ...options });
  return (await mixed({ ...bench, open })).newer;
}

async function idsOf(documents: AsyncIterable<{ readonly id: string }>): Promise<string> {
  let all = "";
  for await (const { id } of documents) all += id;
  return all;
}

const unable = new Error("no");

function fail(): never {
  throw unable;
}
