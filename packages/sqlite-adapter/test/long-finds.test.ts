// A storage that scans: how often a find over many documents or rows reads each of them.
import { createStore, defineProjection, type Store } from "@everdraft/core";
import type { FindQuery, Row, Storage, View } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import { expect, test, vi } from "vitest";
import { newPath, storageAt } from "./support/fixtures.ts";

vi.setConfig({ testTimeout: 60_000 });

interface Task {
  due: number;
}

const many = 1_200;
const dues = defineProjection({ name: "dues", version: 1, rows: ({ due }: Task) => ({ due: many - due }) });

/** What a storage was asked for, and how many views and rows it gave. */
interface Asked {
  sorted: number;
  given: number;
}

/** A storage with many tasks, of which is counted what is read. */
async function withTasks(storage: Storage<string>): Promise<{ store: Store<Task>; asked: Asked }> {
  const asked: Asked = { sorted: 0, given: 0 };
  const counted = async <V>(page: Promise<readonly V[]>, query?: FindQuery): Promise<readonly V[]> => {
    if (query !== undefined && query.sort.length > 0) asked.sorted++;
    const found = await page;
    asked.given += found.length;
    return found;
  };
  const counting: Storage<string> = {
    ...storage,
    open: async (...opening) => {
      const stored = await storage.open(...opening);
      const { views } = stored;
      return {
        ...stored,
        views: {
          ...views,
          get: (ids, call) => counted<View | undefined>(views.get(ids, call)),
          find: (query, call) => counted<View>(views.find(query, call), query),
        },
        rows: async (...given) => {
          const rows = await stored.rows(...given);
          return {
            ...rows,
            find: (query, call) => counted<Row>(rows.find(query, call), query),
            byId: async (ids, call) => counted(rows.byId?.(ids, call) ?? Promise.resolve([])),
          };
        },
      };
    },
  };
  const store = createStore<Task>({ collection: "tasks", storage: counting, projections: [dues] });
  const at = new Date();
  await store.import(
    Array.from({ length: many }, (_, due) => ({ id: `t-${due}`, at, by: "u", state: { due } })),
  );
  return { store, asked };
}

test.each([
  ["SQLite", () => storageAt(newPath())],
  ["memory", () => memoryStorage() as unknown as Storage<string>],
])(
  "on %s a sort without a limit reads each document or row twice, and one without a sort once",
  async (_, open) => {
    const storage = open();
    const { store, asked } = await withTasks(storage);
    const rows = store.rows("dues");
    const reads: readonly [number, () => Promise<readonly unknown[]>][] = [
      [1, () => store.find().toArray()],
      [1, () => store.find({ due: { $gte: 0 } }).toArray()],
      [2, () => store.find({}, { sort: { due: -1 } }).toArray()],
      [2, () => store.find({ due: { $gte: 0 } }, { sort: { due: 1 } }).toArray()],
      [1, () => rows.find().toArray()],
      [2, () => rows.find({}, { sort: { due: 1 } }).toArray()],
    ];
    for (const [times, read] of reads) {
      Object.assign(asked, { sorted: 0, given: 0 });
      expect(await read()).toHaveLength(many);
      expect([String(read), asked]).toEqual([String(read), { sorted: 0, given: times * many }]);
    }
    // what is cut reads all once, and what it gives once more
    Object.assign(asked, { sorted: 0, given: 0 });
    expect(await store.find({}, { sort: { due: -1 }, limit: 20 }).toArray()).toHaveLength(20);
    expect(asked).toEqual({ sorted: 0, given: many + 20 });
    await store.close();
    await storage.close();
  },
);
