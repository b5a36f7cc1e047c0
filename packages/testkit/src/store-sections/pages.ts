import type { AsyncList, FindOptions, HistoryQuery, Page } from "@everdraft/core";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { lines } from "./line-rows.ts";
import { linesOf, type Order, order, setNote } from "./order.ts";
import { refused } from "./refusals.ts";
import type { StoreBench, StoreSection } from "./store-bench.ts";

/** All pages of a list, each asked of the list anew, as by a client that keeps nothing but the cursor. */
async function paged<V>(list: () => AsyncList<V>, limit: number): Promise<Page<V>[]> {
  const pages: Page<V>[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await list().page({ limit, ...(cursor !== undefined && { cursor }) });
    pages.push(page);
    if (page.next === undefined) return pages;
    cursor = page.next;
  }
}

/** Pages give the items of the list, in its order, and are full but for the last one. */
async function expectWhole<V>(list: () => AsyncList<V>, limit: number): Promise<void> {
  const whole = await list().toArray();
  const pages = await paged(list, limit);
  expect(pages.flatMap(({ items }) => items)).toEqual(whole);
  const sizes = pages.map(({ items }) => items.length);
  expect(sizes.slice(0, -1)).toEqual(sizes.slice(0, -1).map(() => limit));
  expect(pages).toHaveLength(Math.max(1, Math.ceil(whole.length / limit)));
}

/** Orders whose sort fields are missing, empty lists, dates, and equal ones. */
async function mixed({ open }: StoreBench): Promise<void> {
  const store = open();
  for (let i = 0; i < 23; i++) {
    const lines = i % 4 === 0 ? [] : [{ id: `L${i % 3}`, qty: i % 5 }];
    const state = order({ lines, status: `s${i % 3}`, placed: new Date(i % 6) });
    if (i % 5 !== 0) state.note = `${i % 2}`;
    await store.create(`o-${i}`, i % 2 === 0 ? "alice" : "bob", state);
  }
}

const sorts: readonly FindOptions<Order>[] = [
  {},
  { sort: { status: 1 } },
  { sort: { note: -1, status: 1 } },
  { sort: { "lines.qty": 1 } },
  { sort: { "lines.id": -1, placed: 1 } },
  { sort: { placed: -1, _id: -1 } },
  { sort: { note: 1 }, select: ["status"] },
  { sort: { status: 1 }, limit: 12 },
];

const histories: readonly HistoryQuery[] = [
  {},
  { order: "newest" },
  { path: ["note"], order: "newest" },
  { path: ["lines", 2, "id"] },
  { changes: true },
  { changes: true, order: "newest", after: 2, before: 16 },
  { from: { version: 3 }, to: { version: 15 } },
  { after: 3, before: 15 },
  { after: 3, before: 15, order: "newest", by: "bob" },
  { limit: 7 },
];

/** Pages of lists, by cursors that a client keeps. */
export const pages: StoreSection = section(
  "pages of lists",
  {
    "pages of a find give all that it gives, in its order, whatever is sorted by": async (bench) => {
      await mixed(bench);
      for (const options of sorts)
        for (const limit of [1, 5, 23]) await expectWhole(() => bench.open().find({}, options), limit);
      await expectWhole(() => bench.open().find({ status: "s1" }, { sort: { note: 1 } }), 3);
      await expectWhole(() => bench.open().find({ status: "none" }), 3);
    },

    "pages of rows give all rows, in their order": async (bench) => {
      const store = bench.open<Order>({ projections: [lines] });
      for (let i = 0; i < 9; i++)
        await store.create(`o-${i}`, "alice", order({ lines: linesOf(`L${i % 2}`, "M") }));
      for (const options of [{}, { sort: { line: -1 } } as const, { limit: 7 }])
        await expectWhole(() => store.rows(lines).find({}, options), 4);
    },

    "pages of a history give its events, oldest or newest first, between versions too": async (bench) => {
      const store = bench.open();
      await store.create("o-1", "alice", order());
      for (let i = 0; i < 17; i++) {
        const recipe =
          i % 3 === 0 ? setNote(`${i}`) : (draft: Order) => void draft.lines.push(...linesOf(`${i}`));
        await store.edit("o-1", i % 2 === 0 ? "bob" : "carol", recipe);
      }
      for (const query of histories) await expectWhole(() => bench.open().history("o-1", query), 4);
      const between = await store.history("o-1", { after: 3, before: 6 }).toArray();
      expect(between.map(({ version }) => version)).toEqual([4, 5]);
    },

    "pages of all changes give their events, oldest or newest first": async (bench) => {
      await mixed(bench);
      for (const query of [{}, { order: "oldest" }, { by: "bob" }, { limit: 9 }] as const)
        await expectWhole(() => bench.open().changes(query), 5);
    },

    "documents that are made between two pages behind the place of the first come in the second": async (
      bench,
    ) => {
      const store = bench.open();
      for (const id of ["a", "c"]) await store.create(id, "alice", order());
      const first = await store.find({}).page({ limit: 1 });
      await store.create("b", "alice", order());
      const second = await store.find({}).page({ limit: 5, ...(first.next && { cursor: first.next }) });
      expect(second.items.map(({ id }) => id)).toEqual(["b", "c"]);
      expect(second.next).toBeUndefined();
    },
  },
  {
    "a cursor goes on with its own list alone, and a text that is none is refused": async (bench) => {
      await mixed(bench);
      const store = bench.open();
      const { next } = await store.find({}, { sort: { status: 1 } }).page({ limit: 2 });
      const cursor = next ?? "";
      const others: readonly AsyncList<unknown>[] = [
        store.find({}, { sort: { status: -1 } }),
        store.find({ note: "1" }, { sort: { status: 1 } }),
        store.find(),
        store.history("o-1"),
        store.changes(),
      ];
      for (const list of others) {
        const { details } = await refused(list.page({ limit: 2, cursor }), "options");
        expect(details).toMatchObject({ option: "cursor" });
      }
      for (const wrong of ["", "nonsense", cursor.slice(0, -3), `${cursor}AA`])
        await refused(store.find({}, { sort: { status: 1 } }).page({ limit: 2, cursor: wrong }), "options");
    },
  },
);
