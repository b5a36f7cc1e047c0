import {
  type CheckedFilter,
  compareIds,
  countByScan,
  type FindQuery,
  findByScan,
  positionOf,
  type StoredCollection,
  stringId,
  type View,
} from "@everdraft/core/adapter";
import { describe, expect, test } from "vitest";
import { appendOf, call, fill, newPath, ordersAt } from "./support/fixtures.ts";

// upper before lower case, digits, prefixes, accents; U+FF5E and U+10000 change places in JavaScript's own order
const ids = [
  "a",
  "A",
  "aa",
  "a b",
  "a.b",
  "Z",
  "10",
  "9",
  "é",
  "e\u0301",
  "z",
  "\uff5e",
  "\u{10000}",
  "😀",
  "ß",
  "~",
  " ",
];
const inOrder = ids.toSorted((a, b) => compareIds(a, b, [stringId]));

describe("the order of ids", () => {
  test("is the library's, in which documents and views come", async () => {
    const orders = await ordersAt(newPath());
    await orders.log.commit(
      ids.map((doc) => appendOf({ doc })),
      "independent",
      call,
    );
    expect(inOrder.indexOf("\uff5e")).toBeLessThan(inOrder.indexOf("\u{10000}"));
    expect(await orders.log.documents({ limit: 99 }, call)).toEqual(inOrder);
    const found = await orders.views.find({ filter: {}, sort: [], limit: 99 }, call);
    expect(found.map(({ id }) => id)).toEqual(inOrder);
  });

  test("is the same page by page", async () => {
    const { log } = await ordersAt(newPath());
    await log.commit(
      ids.map((doc) => appendOf({ doc })),
      "independent",
      call,
    );
    await log.commit(
      ids.map((doc) => appendOf({ doc, version: 2 })),
      "independent",
      call,
    );
    const pages: unknown[] = [];
    for (let page = await log.documents({ limit: 4 }, call); page.length > 0; ) {
      pages.push(...page);
      page = await log.documents({ limit: 4, after: page.at(-1) ?? "" }, call);
    }
    expect(pages).toEqual(inOrder);
  });
});

describe("changes", () => {
  // two versions and several documents in one millisecond
  const places = ["b", "a", "\u{10000}", "\uff5e"].flatMap((doc) =>
    [1, 2, 3].map((version) => ({
      doc,
      version,
      at: version === 3 ? 20 : 10,
      by: doc === "a" ? "ann" : "bob",
    })),
  );
  const sorted = places.toSorted(
    (a, b) => a.at - b.at || compareIds(a.doc, b.doc, [stringId]) || a.version - b.version,
  );
  const opened = async (): Promise<StoredCollection["log"]> => {
    const { log } = await ordersAt(newPath());
    for (const place of places) await log.commit([appendOf(place)], "independent", call);
    return log;
  };
  const placeOf = ({ doc, version }: { doc: unknown; version: number }): string => `${doc} ${version}`;

  test.each(["oldest", "newest"] as const)(
    "come by time, document and version, %s first, in pages",
    async (order) => {
      const log = await opened();
      const expected = order === "oldest" ? sorted : sorted.toReversed();
      for (const limit of [1, 5, 99]) {
        const found: string[] = [];
        for (let page = await log.changes({ order, limit }, call); page.length > 0; ) {
          found.push(...page.map(placeOf));
          const last = page.at(-1);
          if (last === undefined) break;
          page = await log.changes({ order, limit, after: last }, call);
        }
        expect(found).toEqual(expected.map(placeOf));
      }
    },
  );

  test.each(["oldest", "newest"] as const)("keep to their bounds, user and type (%s)", async (order) => {
    const log = await opened();
    const of = async (query: Omit<Parameters<typeof log.changes>[0], "order" | "limit">) =>
      (await log.changes({ order, limit: 99, ...query }, call)).map(placeOf).sort();
    const those = (test: (place: (typeof places)[number]) => boolean) =>
      places.filter(test).map(placeOf).sort();
    expect(await of({ from: 11 })).toEqual(those(({ at }) => at === 20));
    expect(await of({ from: 20, to: 20 })).toEqual(those(({ at }) => at === 20));
    expect(await of({ to: 19 })).toEqual(those(({ at }) => at === 10));
    expect(await of({ from: 21 })).toEqual([]);
    expect(await of({ by: "ann" })).toEqual(those(({ by }) => by === "ann"));
    expect(await of({ type: "created", by: "bob" })).toEqual(
      those(({ by, version }) => by === "bob" && version === 1),
    );
    // a page that begins outside of the bounds
    const outside = order === "oldest" ? { at: 0, doc: "z", version: 1 } : { at: 99, doc: "a", version: 1 };
    expect(await of({ from: 10, to: 20, after: outside })).toEqual(those(() => true));
  });
});

describe("a filter on ids that SQLite answers", () => {
  const filters: readonly CheckedFilter[] = [
    {},
    { _id: { $eq: "a" } },
    { _id: { $eq: "missing" } },
    { _id: { $in: ["z", "a", "a", "missing", "é"] } },
    { _id: { $in: [] } },
    { _id: { $in: ["a", "aa", "z"], $gt: "a", $eq: "z" } },
    { _id: { $gt: "a", $lte: "z" } },
    { _id: { $gte: "a", $gt: "a", $lt: "z" } },
    { _id: { $gte: "aa", $lt: "a" } },
    { _id: { $gt: "a" }, n: { $gte: 3 } },
    { _id: { $in: ["a", null, 5] } },
    { _id: { $eq: 5 } },
    { _id: { $ne: "a" } },
    { _id: { $nin: ["a", "z"], $lt: "é" } },
    { _id: { $regex: "^a", $options: "" } },
    { _id: { $not: { $gt: "a" } } },
    { _id: { $exists: true } },
    { $or: [{ _id: { $eq: "a" } }, { n: { $eq: 2 } }] },
    { n: { $lt: 4 } },
  ];
  const sorts: readonly FindQuery["sort"][] = [[], [["n", -1]], [["_id", -1]]];

  test.each(filters)("gives and counts what a scan does: %j", async (filter) => {
    const orders = await ordersAt(newPath());
    await fill(orders, Object.fromEntries(ids.map((id, i) => [id, { n: i % 5 }])));
    const all = await orders.views.get(inOrder, call);
    const scan = async function* (): AsyncGenerator<readonly View[]> {
      yield all.filter((view) => view !== undefined);
    };
    expect(await orders.views.count(filter, call)).toBe(await countByScan(scan, filter));
    for (const sort of sorts) {
      const expected = await findByScan(scan, { filter, sort, limit: 99 }, [stringId]);
      expect(await orders.views.find({ filter, sort, limit: 99 }, call)).toEqual(expected);
      const found: View[] = [];
      for (let page = await orders.views.find({ filter, sort, limit: 3 }, call); page.length > 0; ) {
        found.push(...page);
        const last = page.at(-1);
        if (last === undefined || page.length < 3) break;
        page = await orders.views.find({ filter, sort, limit: 3, after: positionOf(last, sort) }, call);
      }
      expect(found).toEqual(expected);
    }
  });

  test("compares texts as ids are ordered, not as JavaScript does", async () => {
    const orders = await ordersAt(newPath());
    await fill(orders, Object.fromEntries(ids.map((id) => [id, {}])));
    const filter = { _id: { $gt: "\uff5e" } };
    const found = await orders.views.find({ filter, sort: [], limit: 99 }, call);
    expect(found.map(({ id }) => id)).toEqual(["\u{10000}", "😀"]);
    expect(await orders.views.count(filter, call)).toBe(2);
  });

  test("and every other filter goes through more documents than a page holds", async () => {
    const orders = await ordersAt(newPath());
    const states = Object.fromEntries(
      Array.from({ length: 450 }, (_, n) => [`o-${n}`, { n, even: n % 2 === 0 }]),
    );
    await fill(orders, states);
    expect(await orders.views.count({ even: { $eq: true } }, call)).toBe(225);
    expect(await orders.views.count({}, call)).toBe(450);
    expect(await orders.views.find({ filter: {}, sort: [], limit: 1_000 }, call)).toHaveLength(450);
    const last = await orders.views.find({ filter: {}, sort: [["n", -1]], limit: 1 }, call);
    expect(last.map(({ id }) => id)).toEqual(["o-449"]);
  });

  test("a scan ends with the signal's reason, or with TimeoutError when its time is up", async () => {
    const orders = await ordersAt(newPath());
    await fill(orders, Object.fromEntries(Array.from({ length: 450 }, (_, n) => [`o-${n}`, { n }])));
    const filter = { n: { $gte: 0 } };
    const signal = AbortSignal.abort("enough");
    await expect(orders.views.count(filter, { timeoutMs: 5_000, signal })).rejects.toBe("enough");
    await expect(orders.views.count(filter, { timeoutMs: 0 })).rejects.toMatchObject({ code: "timeout" });
    // what is left of a call's time is no whole number
    await expect(orders.views.count(filter, { timeoutMs: 0.123456 })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^Could not count documents in ".+": it took longer than \d+ ms\. Give /,
      ),
    });
  });
});
