import { defineProjection, type Moment, type Store, type Written } from "@everdraft/core";
import { applyPatches } from "@everdraft/core/internals";
import { rebuild, verify } from "@everdraft/core/upkeep";
import * as fc from "fast-check";
import { expect } from "vitest";
import { difference } from "../build/exact.ts";
import { plainTypes } from "../build/plain-types.ts";
import type { TestClock } from "../given/test-clock.ts";
import { section } from "../sections/section.ts";
import { seeded } from "../seeded.ts";
import { anyLife, type Turn } from "./any-life.ts";
import { type Act, expectedOf, type ModelVersion, revertVersion, runSteps, versionAt } from "./life-model.ts";
import type { StoreSection } from "./store-bench.ts";

type Plain = Record<string, unknown>;

/** Random lives of documents, compared act by act and state by state with a model of three dozen lines. */
export const randomLives: StoreSection = section("random lives", {
  "every answer, every state by version and by date, and every event is as a model says": async (bench) => {
    // a store with a cache, one without, and one more that meets the writes of the others
    const stores = [bench.open<Plain>(), bench.open<Plain>({ cache: { maxBytes: 0 } }), bench.open<Plain>()];
    let run = 0;
    const property = fc.asyncProperty(anyLife(stores.length), async (turns) => {
      const id = `doc-${run++}`;
      const history = await live(id, turns, stores, bench.clock);
      // one that took part, and one that knows nothing yet
      const reading = [stores[run % stores.length] as Store<Plain>, bench.open<Plain>()];
      for (const store of reading) await expectHistory(store, id, history);
    });
    await fc.assert(property, seeded(20));
  },

  "rows of projections are as the model says, whichever store wrote, and whoever rebuilds them": async (
    bench,
  ) => {
    const projections = [copied, counted];
    const stores = [
      bench.open<Plain>({ projections }),
      bench.open<Plain>({ projections, cache: { maxBytes: 0 } }),
    ];
    let run = 0;
    const property = fc.asyncProperty(anyLife(stores.length), async (turns) => {
      const id = `doc-${run++}`;
      const history = await live(id, turns, stores, bench.clock);
      const state = history.at(-1)?.state;
      const expected = state === undefined ? [] : [{ copy: state }, { events: history.length }];
      for (const store of stores) expect(await rowsOf(store, id)).toEqual(expected);
      await rebuild(stores[run % 2] as Store<Plain>, { projection: run % 3 === 0 ? "copied" : "counted" });
      expect(await rowsOf(stores[0] as Store<Plain>, id)).toEqual(expected);
    });
    await fc.assert(property, seeded(8));
    expect(await verify(stores[0] as Store<Plain>)).toMatchObject({ complete: true, failures: 0 });
  },

  "times never go back, and a later date never shows an earlier version": async (bench) => {
    const store = bench.open<Plain>();
    const jumps = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 16, size: "max" });
    let run = 0;
    const property = fc.asyncProperty(jumps, async (waits) => {
      const id = `doc-${run++}`;
      const times: number[] = [];
      for (const [i, wait] of waits.entries()) {
        bench.clock.forward(wait);
        const head = times.at(-1) ?? Number.NEGATIVE_INFINITY;
        const { at } = i === 0 ? await store.create(id, "a", { i }) : await store.replace(id, "a", { i });
        expect(at.getTime()).toBe(Math.max(bench.clock.now, head));
        times.push(at.getTime());
      }
      let last = 0;
      for (let date = (times[0] ?? 0) - 1; date <= (times.at(-1) ?? 0) + 1; date++) {
        const version = (await store.read(id, new Date(date)))?.version ?? 0;
        expect(version).toBe(times.findLastIndex((at) => at <= date) + 1);
        expect(version).toBeGreaterThanOrEqual(last);
        last = version;
      }
    });
    await fc.assert(property, seeded(15));
  },
});

const copied = defineProjection({ name: "copied", version: 1, rows: (copy: Plain) => ({ copy }) });
const counted = defineProjection<{ events: number }>({
  name: "counted",
  version: 1,
  fold: (row) => ({ events: (row?.events ?? 0) + 1 }),
});

async function rowsOf(store: Store<Plain>, id: string): Promise<unknown[]> {
  const found = await Promise.all([store.rows("copied").of(id), store.rows("counted").of(id)]);
  return found.flat().map(({ row }) => row);
}

export async function live(
  id: string,
  turns: readonly Turn[],
  stores: readonly Store<Plain>[],
  clock: TestClock,
): Promise<ModelVersion[]> {
  const history: ModelVersion[] = [];
  for (const { act, by, wait, store } of turns) {
    clock.forward(wait);
    const expected = expectedOf(history, act);
    const doing = run(stores[store] as Store<Plain>, id, by, act, history);
    if ("error" in expected) await expect(doing).rejects.toMatchObject({ code: expected.error });
    else {
      const at = Math.max(clock.now, history.at(-1)?.at ?? Number.NEGATIVE_INFINITY);
      if (expected.changed) history.push({ at, by, type: expected.type, state: expected.state });
      expectWritten(await doing, id, history, expected.changed);
    }
  }
  return history;
}

function run(
  store: Store<Plain>,
  id: string,
  by: string,
  act: Act,
  history: readonly ModelVersion[],
): Promise<Written<Plain | undefined>> {
  if (act.kind === "create" || act.kind === "replace") return store[act.kind](id, by, act.state);
  if (act.kind === "edit") return store.edit(id, by, (draft) => runSteps(draft, act.steps));
  if (act.kind !== "revert") return store[act.kind](id, by);
  const version = revertVersion(history, act);
  const date = new Date(history[version - 1]?.at ?? 0);
  return store.revert(id, by, act.byDate ? date : { version });
}

function expectWritten(
  found: Written<Plain | undefined>,
  id: string,
  history: readonly ModelVersion[],
  changed: boolean,
): void {
  const head = history.at(-1);
  const { version, at, by } = found;
  expect({ version, at: at.getTime(), by, changed: found.changed }).toEqual({
    version: history.length,
    at: head?.at,
    by: head?.by,
    changed,
  });
  expect(found.id).toBe(id);
  expect(difference(found.state, head?.state, plainTypes)).toBeUndefined();
  expect(found.patches.length > 0).toBe(changed);
}

async function expectHistory(
  store: Store<Plain>,
  id: string,
  history: readonly ModelVersion[],
): Promise<void> {
  const events = await store.history(id).toArray();
  expect(events.map(({ version, at, by, type }) => ({ version, at: at.getTime(), by, type }))).toEqual(
    history.map(({ at, by, type }, i) => ({ version: i + 1, at, by, type })),
  );
  let replayed: unknown;
  for (const [i, { state, at }] of history.entries()) {
    replayed = applyPatches(replayed, events[i]?.patches ?? []);
    expect(difference(replayed, state, plainTypes)).toBeUndefined();
    await expectMoment(store, id, { version: i + 1 }, i + 1, history);
    for (const date of [at - 1, at])
      await expectMoment(store, id, new Date(date), versionAt(history, date), history);
  }
  const now = history.at(-1)?.state;
  expect(difference(await store.get(id), now, plainTypes)).toBeUndefined();
  expect(difference((await store.read(id))?.state, now, plainTypes)).toBeUndefined();
  expect(await store.verify(id)).toEqual({ id, ok: true, version: history.length, findings: [] });
}

async function expectMoment(
  store: Store<Plain>,
  id: string,
  moment: Moment,
  version: number,
  history: readonly ModelVersion[],
): Promise<void> {
  const read = await store.read(id, moment);
  const wanted = history[version - 1];
  expect(difference(await store.stateAt(id, moment), wanted?.state, plainTypes)).toBeUndefined();
  expect(difference(read?.state, wanted?.state, plainTypes)).toBeUndefined();
  if (wanted?.state === undefined) expect(read).toBeUndefined();
  else {
    const facts = { id, version, at: new Date(wanted.at), by: wanted.by, sealed: version < history.length };
    expect({ ...read, state: undefined }).toEqual({ ...facts, state: undefined });
  }
}
