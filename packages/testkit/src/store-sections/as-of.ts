import type { Filter, FindOptions, FoundDocument, State, Store } from "@everdraft/core";
import { findByScan, type IdKind, withoutHistory } from "@everdraft/core/adapter";
import { checkFilter } from "@everdraft/core/internals";
import * as fc from "fast-check";
import { expect } from "vitest";
import { plainTypes } from "../build/plain-types.ts";
import { section } from "../sections/section.ts";
import { seeded } from "../seeded.ts";
import { anyDeeds, anyFilter, anyFindOptions, doAll, type Item, itemIds } from "./any-collection.ts";
import { type Order, order, setNote } from "./order.ts";
import { type First, type Third, third } from "./people.ts";
import { refused } from "./refusals.ts";
import { patient, portCall, type StoreBench, type StoreSection } from "./store-bench.ts";
import { wrapStorage } from "./wrap-storage.ts";

type Found = FoundDocument<State<Item>>;

const orders: readonly FindOptions<Item>["sort"][] = [undefined, { n: -1 }];
const noteOrders: readonly FindOptions<Order>["sort"][] = [undefined, { note: 1 }, { customer: -1, _id: -1 }];
const many = 130;
const idOf = (n: number): string => `t-${String(n).padStart(3, "0")}`;
/** How far from the place of a loop a document is changed, and the number that it gets; undefined takes it away. */
const moves: readonly (readonly [from: number, n: number | undefined])[] = [
  [2, -1],
  [-3, -1],
  [7, 1_000],
  [-8, undefined],
];

/** The whole collection at a date. */
export const asOf: StoreSection = section(
  "the collection at a date",
  {
    "each document is as it was: changed, deleted and created again, or as it is now": async (bench) => {
      const { store, then } = await lives(bench);
      const dated = store.asOf(then);
      expect(dated.date).toEqual(then);
      expect(
        (await dated.find().toArray()).map(({ id, version, by, state }) => [id, version, by, state.note]),
      ).toEqual([
        ["changed", 1, "alice", undefined],
        ["created-again", 1, "alice", undefined],
        ["deleted", 1, "alice", undefined],
        ["same", 2, "bob", "old"],
      ]);
      expect(await dated.count()).toBe(4);
      expect(await dated.count({ note: "old" })).toBe(1);
      expect(await dated.get("deleted")).toEqual(order());
      expect(await dated.getMany(["later", "same", "never", "gone-before", "created-again"])).toEqual([
        undefined,
        order({ note: "old" }),
        undefined,
        undefined,
        order(),
      ]);
      const [last] = await dated.find({}, { sort: { _id: -1 }, limit: 1, select: ["note"] }).toArray();
      expect(last).toMatchObject({ id: "same", at: then, state: { note: "old" } });
    },

    "for any writes, filter, order and date it is the stateAt of each document": async (bench) => {
      const { clock } = bench;
      const kinds = bench.storage.capabilities.idKinds;
      let run = 0;
      const anyAsked = fc.array(fc.record({ filter: anyFilter, options: anyFindOptions }), {
        minLength: 12,
        maxLength: 12,
      });
      const property = fc.asyncProperty(anyDeeds(3), anyAsked, async (deeds, asked) => {
        const collection = `items-${run++}`;
        // writers whose clocks differ: events land behind the times of those before them
        const stores = [0, -7, 5].map((skew) =>
          bench.open<Item>({ collection, clock: () => clock.now + skew }),
        );
        await doAll(stores, deeds, clock.forward);
        const store = bench.open<Item>({ collection });
        const times = (await store.changes({ order: "oldest" }).toArray()).map(({ at }) => at.getTime());
        const last = times.at(-1) ?? 0;
        const some = times.filter((_, i) => i % 7 === 3);
        const dates = [last - 1, last, 0, clock.now + 9_000, ...some.flatMap((at) => [at, at - 1])];
        for (const [i, one] of asked.entries()) {
          const date = new Date(dates[i % dates.length] ?? 0);
          await expectAsStateAt(store, { ...one, date, kinds });
        }
      });
      await fc.assert(property, seeded(6));
    },

    "documents that change while they are iterated over come once, as they were": async (bench) => {
      const ids = Array.from({ length: many }, (_, n) => idOf(n));
      const store = bench.open<Item>();
      const at = new Date(bench.clock.now);
      await store.import(ids.map((id, n) => ({ id, at, by: "alice", state: { n, list: [] } })));
      const dated = store.asOf(at);
      for (const sort of orders) {
        bench.clock.forward(10);
        const seen: [string, number][] = [];
        for await (const { id, state } of dated.find({ n: { $gte: 0 } }, { ...(sort && { sort }) })) {
          seen.push([id, state.n]);
          if (seen.length % 10 > 0) continue;
          // behind it and before it: moved out of the filter, to the other end, and taken away
          const place = seen.length;
          if (place > many) break;
          for (const [from, n] of moves) await put(store, idOf((place + from + many) % many), n && n * place);
        }
        const wanted = ids.map((id, n) => [id, n]);
        expect(seen).toEqual(sort === undefined ? wanted : wanted.toReversed());
        expect(await dated.count({ n: { $gte: 0 } })).toBe(many);
      }
    },

    "pages by cursors give all, though documents change between them": async (bench) => {
      const { store, then } = await lives(bench);
      for (const sort of noteOrders) {
        const list = () =>
          bench
            .open()
            .asOf(then)
            .find({}, { ...(sort && { sort }) });
        const whole = await list().toArray();
        const given: unknown[] = [];
        for (let cursor: string | undefined; given.length <= whole.length; ) {
          const page = await list().page({ limit: 1, ...(cursor !== undefined && { cursor }) });
          given.push(...page.items);
          bench.clock.forward(1);
          await store.edit("same", "carol", setNote(`${bench.clock.now}`));
          if (page.next === undefined) break;
          cursor = page.next;
        }
        expect(given).toEqual(whole);
        expect(given).toHaveLength(4);
      }
    },

    "a document without a history was not there": async (bench) => {
      const { store, then } = await lives(bench);
      await bench.port.views.write({ ...withoutHistory, id: "raw", state: { ...order() } }, "any", portCall);
      const dated = store.asOf(then);
      expect(await dated.get("raw")).toBeUndefined();
      expect((await dated.find().toArray()).map(({ id }) => id)).not.toContain("raw");
      expect([await dated.count(), await dated.count({ status: "open" })]).toEqual([4, 4]);
    },
  },
  {
    "only the documents that changed since are replayed": async (bench) => {
      const ids = Array.from({ length: 60 }, (_, i) => `t-${String(i).padStart(2, "0")}`);
      const writer = bench.open();
      const at = new Date(bench.clock.now);
      await writer.import(ids.map((id) => ({ id, at, by: "alice", state: order() })));
      bench.clock.forward(5);
      for (const id of ["t-03", "t-40"]) await writer.edit(id, "bob", setNote("later"));
      await writer.delete("t-50", "bob");
      const replayed: unknown[] = [];
      const storage = wrapStorage(bench.storage, ({ snapshots }) => ({
        snapshots: {
          around: (doc, moment, call) => {
            replayed.push(doc);
            return snapshots.around(doc, moment, call);
          },
        },
      }));
      const dated = bench.open({ storage }).asOf(at);
      const changed = ["t-03", "t-40", "t-50"];
      const calls: readonly [() => Promise<unknown>, readonly string[]][] = [
        [() => dated.find().toArray(), changed],
        [() => dated.find({}, { sort: { note: 1 } }).toArray(), changed],
        [() => dated.find({ _id: { $in: ["t-03", "t-04"] } }).toArray(), ["t-03"]],
        [() => dated.find({}, { limit: 5 }).toArray(), ["t-03"]],
        [() => dated.count(), changed],
        [() => dated.count({ _id: { $gt: "t-45" } }), ["t-50"]],
        [() => dated.get("t-04"), []],
        [() => dated.getMany(ids), changed],
        [() => bench.open({ storage }).asOf(new Date(bench.clock.now)).find().toArray(), []],
      ];
      for (const [call, wanted] of calls) {
        replayed.length = 0;
        await call();
        expect(replayed.toSorted()).toEqual(wanted);
      }
    },

    "states are in the schema of the store, and filters and orders see them so": async (bench) => {
      const older = bench.open<First>();
      await older.create("a", "alice", { name: "Ada Byron" });
      await older.create("b", "alice", { name: "Bob Crow" });
      const then = new Date(bench.clock.now);
      bench.clock.forward(5);
      await older.edit("a", "alice", (draft) => void Object.assign(draft, { name: "Ada Lovelace" }));
      const newer = bench.open<Third>(third);
      const dated = newer.asOf(then);
      const found = await dated.find({ first: { $exists: true } }, { sort: { last: 1 } }).toArray();
      expect(found.map(({ id, state }) => [id, state])).toEqual([
        ["a", { first: "Ada", last: "Byron", phones: [] }],
        ["b", { first: "Bob", last: "Crow", phones: [] }],
      ]);
      expect(await dated.count({ last: "Byron" })).toBe(1);
      expect(await dated.get("a")).toEqual({ first: "Ada", last: "Byron", phones: [] });
      bench.clock.forward(5);
      await newer.edit("b", "alice", (draft) => void Object.assign(draft, { last: "Crown" }));
      const now = new Date(bench.clock.now);
      bench.clock.forward(5);
      await newer.edit("b", "alice", (draft) => void Object.assign(draft, { last: "Cross" }));
      const late = older.asOf(now);
      expect((await late.find().toArray()).map(({ id }) => id)).toEqual(["a"]);
      expect(await late.count()).toBe(1);
      // of the newer schema that they have now they were not then
      expect(await older.asOf(then).find({}, { onNewer: "refuse" }).toArray()).toHaveLength(2);
      expect(await older.asOf(then).count({}, { onNewer: "refuse" })).toBe(2);
      await refused(late.find({}, { onNewer: "refuse" }).toArray(), "schema_too_new");
      await refused(late.count({}, { onNewer: "refuse" }), "schema_too_new");
      await refused(late.get("b"), "schema_too_new");
    },

    "a document that changes before its view is read is not missed": async (bench) => {
      const { store, then } = await lives(bench);
      let isChanged = false;
      const storage = wrapStorage(bench.storage, ({ views }) => ({
        views: {
          find: async (query, call) => {
            if (!isChanged) await store.edit("same", "bob", setNote("newer"));
            isChanged = true;
            return views.find(query, call);
          },
        },
      }));
      const found = await bench.open({ storage }).asOf(then).find({ note: "old" }).toArray();
      expect(found.map(({ id, version }) => [id, version])).toEqual([["same", 2]]);
    },

    "a count is right though others change further documents while it counts": async (bench) => {
      const { store, then } = await lives(bench);
      let left = 8;
      const storage = wrapStorage(bench.storage, ({ views }) => ({
        views: {
          find: async (query, call) => {
            const found = await views.find(query, call);
            left--;
            bench.clock.forward(1);
            if (left >= 0) await store.edit(`other-${left}`, "bob", setNote("changed meanwhile"));
            return found;
          },
        },
      }));
      bench.clock.now = then.getTime();
      for (let i = 0; i < 8; i++) await store.create(`other-${i}`, "alice", order());
      bench.clock.forward(20);
      expect(
        await bench
          .open({ storage })
          .asOf(then)
          .count({ note: { $exists: false } }, patient),
      ).toBe(11);
      expect(left).toBeLessThan(3);
    },

    "a cursor goes on at its own date alone": async (bench) => {
      const { store, then } = await lives(bench);
      const { next = "" } = await store.asOf(then).find().page({ limit: 1 });
      const others = [store.find(), store.asOf(new Date(then.getTime() + 1)).find()];
      for (const list of others) await refused(list.page({ limit: 1, cursor: next }), "options");
    },

    "a date that is changed afterwards is not followed": async (bench) => {
      const { store, then } = await lives(bench);
      const dated = store.asOf(then);
      then.setTime(0);
      dated.date.setTime(0);
      expect(await dated.count()).toBe(4);
    },
  },
);

/** Makes a document, gives it another number, or takes it away. */
async function put(store: Store<Item>, id: string, n: number | undefined): Promise<void> {
  const isLiving = await store.exists(id);
  if (n === undefined && isLiving) await store.delete(id, "bob");
  else if (isLiving) await store.replace(id, "bob", { n: n ?? 5, list: [] });
  else await store.create(id, "bob", { n: n ?? 5, list: [] });
}

/** Documents that were there at a date, and others that were not. Five events came later. */
async function lives({ open, clock }: StoreBench): Promise<{ store: Store<Order>; then: Date }> {
  const store = open();
  for (const id of ["same", "changed", "deleted", "created-again", "gone-before"])
    await store.create(id, "alice", order());
  await store.edit("same", "bob", setNote("old"));
  await store.delete("gone-before", "bob");
  const then = new Date(clock.now);
  clock.forward(10);
  await store.edit("changed", "bob", setNote("new"));
  await store.delete("deleted", "bob");
  await store.delete("created-again", "bob");
  await store.create("created-again", "bob", order({ note: "new" }));
  await store.create("gone-before", "bob", order({ note: "new" }));
  await store.create("later", "bob", order({ note: "old" }));
  return { store, then };
}

interface Asked {
  readonly date: Date;
  readonly filter: Filter<Item>;
  readonly options: FindOptions<Item>;
  readonly kinds: readonly IdKind[];
}

/** Compares all calls at a date with the state of each document by itself. */
async function expectAsStateAt(store: Store<Item>, { date, filter, options, kinds }: Asked): Promise<void> {
  const all = await Promise.all(itemIds.map((id) => store.read(id, date)));
  const living: Found[] = all.flatMap((one) => {
    if (one === undefined) return [];
    const { sealed: _, ...found } = one;
    return [found];
  });
  const sort = Object.entries(options.sort ?? {}).map(([path, direction = 1]): readonly [string, 1 | -1] => [
    path,
    direction,
  ]);
  const query = { filter: checkFilter(filter, plainTypes), sort, limit: Number.POSITIVE_INFINITY };
  const matching = await findByScan(
    async function* () {
      yield living.map((found) => ({ ...found, state: { ...found.state } }));
    },
    query,
    kinds,
  );
  const dated = store.asOf(date);
  const wanted = matching.slice(0, options.limit);
  expect(await dated.find(filter, options).toArray()).toEqual(wanted);
  expect(await dated.count(filter)).toBe(matching.length);
  expect(await dated.getMany(itemIds)).toEqual(all.map((one) => one?.state));
  expect(await dated.get("c")).toEqual(all[2]?.state);
  const paged: Found[] = [];
  for (let cursor: string | undefined; paged.length <= wanted.length; ) {
    const page = await dated
      .find(filter, options)
      .page({ limit: 2, ...(cursor !== undefined && { cursor }) });
    paged.push(...page.items);
    if (page.next === undefined) break;
    cursor = page.next;
  }
  expect(paged).toEqual(wanted);
}
