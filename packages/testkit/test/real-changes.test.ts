// Differences and blame on real histories, against answers that are found in another way, from whole states.
import { createStore, type Store } from "@everdraft/core";
import { changesBetween } from "@everdraft/core/changes";
import { normalise } from "@everdraft/core/internals";
import { memoryStorage } from "@everdraft/core/memory";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { difference, plainTypes } from "../src/index.ts";
import { oracleApply } from "../src/oracle/oracle-apply.ts";
import { leavesOf, oracleBlame } from "../src/oracle/oracle-blame.ts";
import { historiesFile, readHistories } from "../src/real-data/histories.ts";
import { revisionsOf } from "../src/real-data/world.ts";

vi.setConfig({ testTimeout: 1_200_000, hookTimeout: 300_000 });

const histories = new Map<string, object[]>();
let store: Store<object>;

beforeAll(async () => {
  const file = historiesFile();
  store = createStore<object>({ collection: "histories", storage: memoryStorage(), clock: () => 4e12 });
  await store.import(revisionsOf(file));
  for await (const { id, doc } of readHistories(file)) {
    const states = histories.get(id) ?? [];
    histories.set(id, states);
    // deletions begin a history anew here: blame looks no further back either
    if (doc === null) states.length = 0;
    else states.push(normalise(doc, plainTypes) as object);
  }
});
afterAll(() => store.close());

test("the changes between neighbours, applied to the earlier state, give the later one", () => {
  let compared = 0;
  for (const [id, states] of histories)
    for (const [n, after] of states.slice(1).entries()) {
      const before = states[n] as object;
      const wrong = difference(oracleApply(before, changesBetween(before, after)), after, plainTypes);
      expect({ id, n, wrong }).toEqual({ id, n, wrong: undefined });
      compared++;
    }
  expect(compared).toBeGreaterThan(1_000);
});

test("each value of every document as it is now is said of the event that set it", async () => {
  let values = 0;
  for (const [id, states] of histories) {
    const blame = await store.blame(id);
    const last = states.at(-1);
    if (last === undefined) {
      expect(blame).toBeUndefined();
      continue;
    }
    // equal revisions make no event: the event's time tells which revision it was
    const distinct = states.filter(
      (state, n) => n === 0 || difference(states[n - 1], state, plainTypes) !== undefined,
    );
    const events = (await store.history(id).toArray())
      .filter(({ type }) => type === "imported")
      .slice(-distinct.length);
    const said = new Map([...(blame ?? [])].map(({ path, event }) => [JSON.stringify(path), event.version]));
    const expected = new Map(
      leavesOf(last).map((path) => [JSON.stringify(path), events[oracleBlame(distinct, path) - 1]?.version]),
    );
    expect({ id, said }).toEqual({ id, said: expected });
    values += said.size;
  }
  expect(values).toBeGreaterThan(50);
});
