import { defineProjection, type FindOptions, type Store } from "@everdraft/core";
import { expect } from "vitest";
import { eventOf } from "../build/event-of.ts";
import { viewAfter } from "../build/view-of.ts";
import { section } from "../sections/section.ts";
import { patient, portCall, type StoreBench, type StoreSection } from "./store-bench.ts";

/** A task that is put off. */
interface Task {
  due: number;
  tries?: number;
}

// a page of a sorted find has a thousand
const many = 1_100;
const rowsEach = 22;
const idOf = (n: number): string => `t-${String(n).padStart(4, "0")}`;
const all = Array.from({ length: many }, (_, n) => idOf(n));

function putOff(draft: Task): void {
  draft.due += 1_000_000;
}

/** Rows that sort by the time of their task. */
const steps = defineProjection({
  name: "steps",
  version: 1,
  rows: ({ due }: Task) => Array.from({ length: rowsEach }, (_, step) => ({ due: due + step / 100, step })),
});

/** Whether a check may edit or delete this task: the others are views alone, which costs less. */
const isWhole = (n: number): boolean => n % 10 === 0;

/** Many tasks, each due later than the one before it. */
async function withTasks(bench: StoreBench): Promise<Store<Task>> {
  const store = bench.open<Task>();
  const at = new Date(bench.clock.now);
  const revisions = all.flatMap((id, due) => (isWhole(due) ? [{ id, at, by: "alice", state: { due } }] : []));
  expect(await store.import(revisions)).toMatchObject({ events: many / 10 });
  const fillers = all.flatMap((doc, due) => (isWhole(due) ? [] : [viewAfter(eventOf({ doc }), { due })]));
  const { views } = bench.port;
  if (views.writeMany !== undefined) await views.writeMany(fillers, portCall);
  else for (const view of fillers) await views.write(view, "lower", portCall);
  return store;
}

/** Iterations over documents that change meanwhile. */
export const iterations: StoreSection = section("iterating over what changes", {
  "a loop that edits the field by which it is sorted meets each document once, and ends": async (bench) => {
    const store = await withTasks(bench);
    const seen: string[] = [];
    for await (const { id } of store.find({}, { sort: { due: 1 } })) {
      seen.push(id);
      if (seen.length > many) break;
      // one in ten is enough to meet them again, if they were given again
      if (isWhole(seen.length - 1)) await store.edit(id, "job", putOff);
    }
    expect(seen).toEqual(all);
    expect(await store.count({ due: { $gte: 1_000_000 } })).toBe(many / 10);
    // and a signal ends it between two documents
    for (const options of [{ sort: { due: 1 } }, { sort: { due: -1 } }, {}] as const) {
      const stop = new AbortController();
      let rounds = 0;
      const iterate = async (): Promise<void> => {
        for await (const _ of store.find({}, { ...options, signal: stop.signal }))
          if (++rounds === 5) stop.abort(new Error("enough"));
      };
      await expect(iterate()).rejects.toThrow("enough");
      expect(rounds).toBe(5);
    }
  },

  "a loop that edits the field by which rows are sorted meets each row once, and ends": async (bench) => {
    const store = bench.open<Task>({ projections: [steps] });
    const at = new Date(bench.clock.now);
    const tasks = all.slice(0, many / rowsEach);
    await store.import(tasks.map((id, due) => ({ id, at, by: "alice", state: { due } })));
    const seen = new Map<string, number>();
    let rounds = 0;
    const moved = new Set<string>();
    const rows = store.rows("steps");
    for await (const { id, row } of rows.find({}, { sort: { due: 1 } })) {
      if (++rounds > many) break;
      const key = `${id} ${row.step}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      if (moved.size >= 10 || moved.has(id)) continue;
      moved.add(id);
      await store.edit(id, "job", putOff);
    }
    expect(rounds).toBe(many);
    expect([...seen.values()].every((times) => times === 1)).toBe(true);
  },

  "a loop during which documents are deleted, by itself and by others, gives all of the rest": async (
    bench,
  ) => {
    const store = await withTasks(bench);
    const other = bench.open<Task>();
    const deleted = new Set<string>();
    const remove = async (by: Store<Task>, id: string): Promise<void> => {
      deleted.add(id);
      await by.delete(id, "bob", patient);
    };
    for (const [round, options] of [{ sort: { due: -1 } }, { sort: { due: 1 } }, {}].entries()) {
      const seen: string[] = [];
      for await (const { id } of store.find({ due: { $gte: 0 } }, options as FindOptions<Task>)) {
        seen.push(id);
        const n = all.indexOf(id);
        if (seen.length === 1)
          await Promise.all(all.filter((_, k) => k % 50 === 10 * round).map((one) => remove(other, one)));
        if (n % 50 === 30 && n % 3 === round) await remove(store, id);
      }
      expect(new Set(seen).size).toBe(seen.length);
      // those that were read before they were deleted may have come as well
      const left = all.filter((id) => !deleted.has(id));
      expect(seen.filter((id) => !deleted.has(id)).toSorted()).toEqual(left);
    }
  },
});
