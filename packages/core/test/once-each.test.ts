// Where the ids of an iteration are not remembered any more: it ends all the same.
import { expect, test } from "vitest";
import { stringId } from "../src/model/document-id.ts";
import { plainOrder } from "../src/model/sort-order.ts";
import type { FindQuery, Sort } from "../src/port/view-store.ts";
import { inPages, type Placed } from "../src/read/found-pages.ts";
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
  const candidates = (query: FindQuery) => inPages<Placed>(find, { ...query, limit: 2 }, plainOrder);
  return { tasks, candidates };
}

async function idsOf(
  { tasks, candidates }: ReturnType<typeof tasksOf>,
  sort: Sort,
  most: number,
  edit: (state: Record<string, unknown>) => void,
): Promise<string[]> {
  const seen: string[] = [];
  const query = { filter: {}, sort, limit: 2 };
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

test("the documents that the loop moved to the end do not put off its end", async () => {
  const twenty = Object.fromEntries(Array.from({ length: 20 }, (_, due) => [`t${due + 10}`, { due }]));
  // the first ones go far behind all others; those that are not remembered go behind the one that was last
  const moved = (state: Record<string, unknown>): void =>
    void Object.assign(state, { due: Number(state.due) + (Number(state.due) < 10 ? 1_000 : 10.5) });
  expect(await idsOf(tasksOf(twenty), [["due", 1]], 10, moved)).toEqual(Object.keys(twenty));
});

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
