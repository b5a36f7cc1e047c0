// Storages in this process answer at once. What is long is done in pieces, so that others have their turn between them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type ChangesQuery, createStore, type Revision } from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { sqliteStorage } from "../src/index.ts";

interface Doc {
  readonly n: number;
}

const folder = mkdtempSync(join(tmpdir(), "everdraft-event-loop-"));
afterAll(() => rmSync(folder, { recursive: true }));

// a clock by which a piece is over after a few looks, and a call needs much time
const timeoutMs = 10_000_000;
const lookMs = 4;
let now = 0;
beforeEach(() => {
  vi.spyOn(performance, "now").mockImplementation(() => {
    now += lookMs;
    return now;
  });
});
afterEach(() => vi.restoreAllMocks());

/** How many turns of the event loop others had while something was done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let [turns, ended] = [0, false];
  const counting = (async () => {
    while (!ended) {
      await nextTurn();
      turns++;
    }
  })();
  await work();
  ended = true;
  await counting;
  return turns;
}

const documents = 26;
const revisions = 100;

/** 2,600 events of alice, two in each millisecond, among them two of bob's. */
function* many(): Generator<Revision<Doc>> {
  for (let n = 0; n < revisions; n++) {
    for (let d = 0; d < documents; d++) {
      const by = (n * documents + d) % 1_234 === 1_000 ? "bob" : "alice";
      yield { id: `d-${d}`, at: new Date(10_000 + n * 13 + (d >> 1)), by, state: { n } };
    }
  }
}

describe.each([
  ["memory", () => memoryStorage()],
  ["SQLite", () => sqliteStorage(join(folder, "many.db"))],
])("in %s", (_, open) => {
  const storage = open();
  const store = createStore<Doc>({ collection: "many", storage });
  beforeAll(() => store.import(many()), 120_000);
  afterAll(async () => {
    await store.close();
    await storage.close();
  });

  test("a search for the events of one user lets others run, whether there are any or none", async () => {
    for (const order of ["oldest", "newest"] as const)
      for (const by of ["nobody", "bob"])
        expect(await turnsDuring(() => store.changes({ by, order }).toArray())).toBeGreaterThanOrEqual(2);
    expect(await turnsDuring(() => store.changes({ type: "deleted" }).toArray())).toBeGreaterThanOrEqual(2);
  });

  test("what is searched for in pieces is found whole, in order and once", { timeout: 60_000 }, async () => {
    const all = await store.changes({ order: "oldest" }).toArray();
    expect(all).toHaveLength(documents * revisions);
    const queries: readonly ChangesQuery[] = [
      { by: "bob" },
      { by: "alice" },
      { by: "bob", limit: 1 },
      { by: "alice", limit: 1_500 },
      { by: "bob", from: new Date(10_500), to: new Date(11_400) },
      { by: "alice", from: new Date(10_513), to: new Date(10_513) },
      { by: "nobody" },
      { type: "imported" },
      { type: "imported", by: "bob" },
    ];
    for (const query of queries) {
      const { by, type, from, to, limit } = query;
      const wanted = all.filter(
        (event) =>
          (by === undefined || event.by === by) &&
          (type === undefined || event.type === type) &&
          (from === undefined || event.at >= from) &&
          (to === undefined || event.at <= to),
      );
      for (const order of ["oldest", "newest"] as const) {
        const found = await store.changes({ ...query, order }).toArray();
        const inOrder = order === "oldest" ? wanted : wanted.toReversed();
        expect({ query, ids: found.map(({ eventId }) => eventId) }).toEqual({
          query,
          ids: inOrder.slice(0, limit).map(({ eventId }) => eventId),
        });
      }
    }
  });

  test("a search that takes long is ended by its signal", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const search = store.changes({ by: "nobody", signal: controller.signal }).toArray();
    setImmediate(() => controller.abort(reason));
    await expect(search).rejects.toBe(reason);
  });

  test("events that are stored while a search goes on are no trouble to it", async () => {
    const search = store.changes({ by: "bob", order: "oldest" }).toArray();
    await nextTurn();
    await store.import([{ id: "early", at: new Date(5), by: "bob", state: { n: 0 } }], { name: "meanwhile" });
    const found = (await search).filter(({ id }) => id !== "early");
    expect(found).toEqual((await store.changes({ by: "bob", order: "oldest" }).toArray()).slice(1));
  });

  test("the states of many documents are read in pieces, in the order of the ids", async () => {
    const ids = Array.from({ length: 5_000 }, (_, i) => (i % 3 === 0 ? `none-${i}` : `d-${i % documents}`));
    let states: readonly (Doc | undefined)[] = [];
    const turns = await turnsDuring(async () => {
      states = await store.getMany(ids, { timeoutMs });
    });
    expect(turns).toBeGreaterThanOrEqual(9);
    expect(states).toEqual(ids.map((id) => (id.startsWith("d-") ? { n: revisions - 1 } : undefined)));
    const controller = new AbortController();
    const reason = new Error("enough");
    const reading = store.getMany(ids, { signal: controller.signal, timeoutMs });
    setImmediate(() => controller.abort(reason));
    await expect(reading).rejects.toBe(reason);
  });
});
