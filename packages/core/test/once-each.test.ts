// Where the ids of an iteration are not remembered any more: it ends all the same.
import { expect, test } from "vitest";
import { stringId } from "../src/model/document-id.ts";
import { plainOrder } from "../src/model/sort-order.ts";
import type { FindQuery, Sort } from "../src/port/view-store.ts";
import { foundPages, type Placed } from "../src/read/found-pages.ts";
import { onceEach } from "../src/read/once-each.ts";
import { findByScan } from "../src/scan/find-views.ts";

/** A list of tasks that is read in pages of two, as it is when each is read. */
function tasksOf(states: Readonly<Record<string, object>>) {
  const tasks = new Map(Object.entries(states).map(([id, state]) => [id, { id, state: { ...state } }]));
  async function* scan(): AsyncGenerator<readonly Placed[]> {
    yield [...tasks.values()];
  }
  const find = (query: FindQuery) => findByScan<Placed>(scan, { ...query, limit: 2 }, [stringId]);
  // a page is short where it is the last one
  const candidates = (query: FindQuery) => foundPages<Placed>(find, { ...query, limit: 2 }, plainOrder);
  return { tasks, candidates };
}

async function idsOf(
  { tasks, candidates }: ReturnType<typeof tasksOf>,
  sort: Sort,
  most: number,
  edit: (state: Record<string, unknown>) => void,
): Promise<string[]> {
  const seen: string[] = [];
  const query = { filter: {}, sort, limit: Number.POSITIVE_INFINITY };
  for await (const { one } of onceEach(candidates, query, plainOrder, most)) {
    seen.push(String(one.id));
    if (seen.length > 50) break;
    edit((tasks.get(String(one.id)) as { state: Record<string, unknown> }).state);
  }
  return seen;
}

const later = (state: Record<string, unknown>): void =>
  void Object.assign(state, { due: Number(state.due) + 100 });
const five = { a: { due: 1 }, b: { due: 2 }, c: { due: 3 }, d: { due: 4 }, e: { due: 5 } };

test.each([1, 2, 3, 4, 5, 6])(
  "an iteration that remembers %i ids gives each document once and ends",
  async (most) => {
    expect(await idsOf(tasksOf(five), [["due", 1]], most, later)).toEqual(["a", "b", "c", "d", "e"]);
    const sooner = (state: Record<string, unknown>) =>
      void Object.assign(state, { due: Number(state.due) - 100 });
    expect(await idsOf(tasksOf(five), [["due", -1]], most, sooner)).toEqual(["e", "d", "c", "b", "a"]);
  },
);

test("one that remembers none of the later ones gives them again only up to the key that was last", async () => {
  const little = (state: Record<string, unknown>) =>
    void Object.assign(state, { due: Number(state.due) + 0.6 });
  const seen = await idsOf(tasksOf(five), [["due", 1]], 1, little);
  expect(seen.length).toBeLessThan(20);
  expect(new Set(seen)).toEqual(new Set(["a", "b", "c", "d", "e"]));
});

test("the documents that anybody put behind the last one since the beginning are not waited for", async () => {
  const twenty = Object.fromEntries(Array.from({ length: 20 }, (_, due) => [`t${due + 10}`, { due }]));
  const list = tasksOf(twenty);
  // from the first one on the loop moves each behind all others, and somebody adds another one there
  let added = 0;
  const moved = (state: Record<string, unknown>): void => {
    Object.assign(state, { due: Number(state.due) + 1_000 });
    list.tasks.set(`u${added}`, { id: `u${added}`, state: { due: 500 + added++ } });
  };
  expect(await idsOf(list, [["due", 1]], 10, moved)).toEqual(Object.keys(twenty));
});

test.each([
  ["read at once", 1, Number.POSITIVE_INFINITY, 0],
  ["in parts", 5, Number.POSITIVE_INFINITY, 1],
  ["with a limit", 5, 5, 0],
])(
  "the last key of an iteration %s is asked for as rarely as it is needed",
  async (_, documents, limit, asks) => {
    const { candidates } = tasksOf(Object.fromEntries(Object.entries(five).slice(0, documents)));
    let asked = 0;
    const counted = (query: FindQuery) => {
      if (query.limit === 100) asked++;
      return candidates(query);
    };
    const query: FindQuery = { filter: {}, sort: [["due", 1]], limit };
    let given = 0;
    for await (const _one of onceEach(counted, query, plainOrder, 10)) given++;
    expect({ given, asked }).toEqual({ given: documents, asked: asks });
  },
);

test("nothing is behind the last key of lists, of which a sort takes the least or the greatest", async () => {
  const lists = {
    a: { due: [1, 9] },
    b: { due: [3] },
    c: { due: [5, 2] },
    d: { due: [] },
    e: {},
    f: { due: [4, 4] },
  };
  for (const direction of [1, -1] as const) {
    const sort: Sort = [["due", direction]];
    const all = await idsOf(tasksOf(lists), sort, 6, () => undefined);
    expect(await idsOf(tasksOf(lists), sort, 1, () => undefined)).toEqual(all);
    expect(all).toHaveLength(6);
  }
});
