// Whatever the documents, indexes, filters and sorts: with indexes a find gives the same as a scan in memory does.
import { createStore, type FindOptions, type Store } from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { seeded } from "@everdraft/testkit";
import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { sqliteStorage } from "../src/index.ts";

// RUNS may ask for many more cases than the default
vi.setConfig({ testTimeout: 600_000 });

type Doc = Record<string, unknown>;

const scalar = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 4 }) },
  { weight: 4, arbitrary: fc.constantFrom<unknown>("", "a", "b", "ab", "a\u0000", "\uffff", "\u{10000}") },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(null, true, false) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(-1, -2.5, 2.5, Number.NaN, 1e300, -1e300) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
  { weight: 2, arbitrary: fc.constantFrom(-5, 0, 5).map((time) => new Date(time)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom("x".repeat(1_030), `${"x".repeat(1_030)}y`, "x".repeat(1_023)) },
);
const fields = (value: fc.Arbitrary<unknown>): fc.Arbitrary<Doc> =>
  fc.record({ s: value, t: value, "0": value }, { requiredKeys: [] });
const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    { weight: 6, arbitrary: scalar },
    { weight: 2, arbitrary: fc.array(tie("value"), { maxLength: 3 }) },
    { weight: 2, arbitrary: fields(tie("value")) },
  ),
})).value;
// lists of which one condition meets several elements
const listed = fc.oneof(
  { weight: 3, arbitrary: scalar },
  { weight: 2, arbitrary: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(fc.record({ s: scalar }), { maxLength: 3 }) },
);
const anyDoc = fc.oneof(
  { weight: 2, arbitrary: fc.record({ a: listed, b: listed, c: scalar }, { requiredKeys: [] }) },
  { weight: 3, arbitrary: fc.record({ a: scalar, b: scalar, c: scalar }, { requiredKeys: [] }) },
  { weight: 2, arbitrary: fc.record({ a: value, b: value, c: value }, { requiredKeys: [] }) },
);

const path = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("a", "b", "c") },
  { weight: 2, arbitrary: fc.constantFrom("a.s", "a.t", "b.s", "a.0", "b.0.s", "a.00") },
);
const way = fc.constantFrom<1 | -1>(1, -1);
const keys = fc
  .uniqueArray(fc.tuple(path, way), { minLength: 1, maxLength: 3, selector: ([name]) => name })
  .map((list) => Object.fromEntries(list));

const orderedOperand = scalar.filter((one) => one !== null && !(one instanceof Uint8Array));
const operand = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 2 }) },
);
const operation = fc.oneof(
  { weight: 6, arbitrary: operand.map((one) => ({ $eq: one })) },
  { weight: 3, arbitrary: fc.array(operand, { maxLength: 3 }).map((list) => ({ $in: list })) },
  {
    weight: 5,
    arbitrary: fc.dictionary(fc.constantFrom("$gt", "$gte", "$lt", "$lte"), orderedOperand, {
      minKeys: 1,
      maxKeys: 2,
    }),
  },
  { weight: 1, arbitrary: operand.map((one) => ({ $ne: one })) },
  { weight: 1, arbitrary: fc.array(operand, { maxLength: 2 }).map((list) => ({ $all: list })) },
  { weight: 1, arbitrary: fc.boolean().map((there) => ({ $exists: there })) },
  { weight: 1, arbitrary: fc.constant({ $size: 1 }) },
  { weight: 1, arbitrary: scalar.map((one) => ({ $not: { $eq: one } })) },
  { weight: 1, arbitrary: fc.tuple(operand, orderedOperand).map(([one, low]) => ({ $eq: one, $gte: low })) },
);
const clauses = fc
  .uniqueArray(fc.tuple(path, operation), { maxLength: 3, selector: ([name]) => name })
  .map((list): Doc => Object.fromEntries(list));
const ids = fc.constantFrom("d-0", "d-1", "d-4", "d-9");
const filter: fc.Arbitrary<Doc> = fc.oneof(
  { weight: 8, arbitrary: clauses },
  { weight: 1, arbitrary: fc.tuple(clauses, clauses).map(([one, two]) => ({ $and: [one, two] })) },
  {
    weight: 1,
    arbitrary: fc.tuple(clauses, clauses, clauses).map(([one, two, all]) => ({ ...all, $or: [one, two] })),
  },
  { weight: 1, arbitrary: fc.tuple(clauses, ids).map(([all, id]) => ({ ...all, _id: { $gt: id } })) },
  {
    weight: 1,
    arbitrary: fc.tuple(clauses, ids).map(([all, id]) => ({ ...all, _id: { $in: [id, "d-2"] } })),
  },
);
const sort = fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 4, arbitrary: keys });

interface Asked {
  readonly filter: Doc;
  readonly sort: Record<string, 1 | -1>;
  readonly limit: number;
}
const question: fc.Arbitrary<Asked> = fc.record({ filter, sort, limit: fc.integer({ min: 1, max: 5 }) });

/** One document, or what becomes of it. */
type Step = readonly [id: number, state: Doc | undefined];
const step: fc.Arbitrary<Step> = fc.tuple(fc.nat(11), fc.option(anyDoc, { nil: undefined, freq: 5 }));

async function write(store: Store<Doc>, steps: readonly Step[]): Promise<void> {
  for (const [n, state] of steps) {
    const id = `d-${n}`;
    const there = await store.exists(id);
    if (state === undefined) {
      if (there) await store.delete(id, "u");
    } else if (there) await store.replace(id, "u", state);
    else if ((await store.read(id, { version: 1 }).catch(() => undefined)) !== undefined)
      await store.restore(id, "u").then(() => store.replace(id, "u", state));
    else await store.create(id, "u", state);
  }
}

/** All answers of a store to a question: whole, page by page, and as a count. */
async function answers(store: Store<Doc>, { filter, sort, limit }: Asked): Promise<unknown> {
  const options: FindOptions<Doc> = { sort };
  const all = (await store.find(filter, options).toArray()).map(({ id }) => id);
  const paged: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await store
      .find(filter, options)
      .page({ limit, ...(cursor !== undefined && { cursor }) });
    paged.push(...items.map(({ id }) => id));
    if (next === undefined) break;
    cursor = next;
  }
  const first = (await store.find(filter, { ...options, limit }).toArray()).map(({ id }) => id);
  return { all, paged, first, count: await store.count(filter) };
}

test("a find and a count by indexes answer as a scan does, whatever the documents, the filter and the sort", async () => {
  let byIndex = 0;
  let asked = 0;
  const law = fc.asyncProperty(
    fc.array(step, { minLength: 1, maxLength: 24 }),
    fc.array(step, { maxLength: 8 }),
    fc.uniqueArray(keys, { minLength: 1, maxLength: 3, selector: (one) => JSON.stringify(one) }),
    fc.array(question, { minLength: 1, maxLength: 6 }),
    async (before, after, wanted, questions) => {
      const storages = [memoryStorage(), sqliteStorage(":memory:")];
      const [memory, sqlite] = storages;
      if (memory === undefined || sqlite === undefined) return;
      const indexes = wanted.map((one) => ({ keys: one }));
      const options = { collection: "docs", cache: { maxBytes: 0 } };
      const scanned = createStore<Doc>({ ...options, storage: memory });
      const plain = createStore<Doc>({ ...options, storage: sqlite });
      for (const store of [scanned, plain]) await write(store, before);
      // added to documents that are there, and kept by a store that knows nothing of them
      const indexed = createStore<Doc>({ ...options, storage: sqlite, indexes });
      await indexed.ready();
      for (const store of [scanned, plain]) await write(store, after);
      for (const one of questions) {
        asked++;
        const plan = await indexed.explain(one.filter, { sort: one.sort });
        if (plan.kind === "index" && plan.name !== "_id_") byIndex++;
        expect(await answers(indexed, one)).toEqual(await answers(scanned, one));
      }
      for (const store of [scanned, plain, indexed]) await store.close();
      for (const storage of storages) await storage.close();
    },
  );
  await fc.assert(law, seeded(150));
  // the law would be empty if no find went by an index
  expect(byIndex).toBeGreaterThan(asked / 4);
});
