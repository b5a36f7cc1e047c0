import { createStore, type Store } from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import type { SourceRevision } from "@everdraft/git-history";
import { expect, test, vi } from "vitest";
import { createWitness } from "../src/source-witness.ts";
import { showTour } from "../src/tour.ts";
import { fakeOutput } from "./fake-output.ts";

vi.setConfig({ testTimeout: 60_000 });

type State = Record<string, unknown>;
const day = (number: number) => new Date(Date.UTC(2020, 0, number, 12));

async function imported(revisions: readonly Omit<SourceRevision, "id">[]) {
  const store = createStore<State>({ collection: "files", storage: memoryStorage() });
  const witness = createWitness();
  async function* all() {
    for (const revision of revisions) yield { id: "a.json", ...revision };
  }
  await store.import(witness.watch(all()));
  return { store, sightings: witness.sightings("a.json") };
}

async function tour(of: {
  store: Store<State>;
  sightings: ReturnType<ReturnType<typeof createWitness>["sightings"]>;
}) {
  const out = fakeOutput();
  const good = await showTour({ ...of, id: "a.json", out });
  // the day on which the tests run
  return {
    good,
    text: out.text().replaceAll(/20[2-9]\d-\d\d-\d\d \d\d:\d\d/g, (date) => (date < "2021" ? date : "TODAY")),
  };
}

const history = [
  { at: day(1), by: "ann", state: { name: "a", tags: ["x"] }, reason: "made" },
  { at: day(3), by: "bo\u001b[2J", state: { name: "a", tags: ["w", "x"] }, reason: "a tag\u0007" },
  { at: day(5), by: "ann", state: null },
  { at: day(9), by: "bo", state: { name: "b", tags: ["w", "x"], "k.l": 1 } },
];

test("A tour shows the timeline, a state of the past, a comparison, and a revert with its proofs", async () => {
  const { good, text } = await tour(await imported(history));
  expect(good).toBe(true);
  expect(text).toMatchInlineSnapshot(`
    "
    The last 4 events of a.json (0 before)
      version  when (UTC)        who     what
      1        2020-01-01 12:00  ann     made
                                         created
      2        2020-01-03 12:00  bo�[2J  a tag�
                                         + tags[0]: "w"
      3        2020-01-05 12:00  ann     deleted
      4        2020-01-09 12:00  bo      created again

    The state at 2020-01-05
      version 2, by bo�[2J on 2020-01-03 12:00 UTC
      name  "a"
      tags  ["w","x"]
      ✔ the states at 4 dates, and what the source had then: all the same, by SHA-256

    What changed from 2020-01-05 to 2020-01-07
      0 added, 1 removed, 0 changed
      - the document: {"name":"a","tags":["w","x"]}

    A revert to 2020-01-05
      stored as version 5: 2 patches; versions 1 to 4 stay as they are
      ✔ read after the revert, and the state of then: SHA-256 3adc02c7c05e8a2c, the same
      ✔ read after the revert was reverted, and the state before: SHA-256 dd947bffeae94a6a, the same
    "
  `);
});

test("A tour of a history of one version, and of one that ends deleted, is whole", async () => {
  const one = await tour(await imported(history.slice(0, 1)));
  expect(one.good).toBe(true);
  expect(one.text).toContain("the state of then is the state of now, so nothing is stored");
  const deleted = await tour(await imported(history.slice(0, 3)));
  expect(deleted.good).toBe(true);
  expect(deleted.text).toContain("deleted");
});

test("A long history shows its last twelve events and how many came before", async () => {
  const many = Array.from({ length: 40 }, (_, v) => ({ at: day(v), by: "ann", state: { v } }));
  const { text } = await tour(await imported(many));
  expect(text).toContain("The last 12 events of a.json (28 before)");
  expect(text.match(/ v: \d+ → \d+$/gm)).toHaveLength(13);
});

test("A second tour shows the reverts of the first, and a store that is wrong fails it", async () => {
  const { store, sightings } = await imported(history);
  await tour({ store, sightings });
  const second = await tour({ store, sightings });
  expect(second.good).toBe(true);
  expect(second.text).toContain("reverted to version 4");
  const wrong: Store<State> = { ...store, get: async () => ({ name: "c" }) };
  const found = await tour({ store: wrong, sightings });
  expect(found.good).toBe(false);
  expect(found.text).toMatch(/✘ .*WRONG: SHA-256 [0-9a-f]{16} wanted, [0-9a-f]{16} found/);
  const forgetful: Store<State> = { ...store, stateAt: async () => ({}) };
  expect((await tour({ store: forgetful, sightings })).text).toMatch(
    /✘ .*WRONG at 4, first at 2020-01-01T12/,
  );
});
