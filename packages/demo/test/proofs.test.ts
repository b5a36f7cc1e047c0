import { createStore, type Store } from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { beforeEach, expect, test } from "vitest";
import { proveRecall, proveRevert } from "../src/proofs.ts";
import { createWitness } from "../src/source-witness.ts";
import { stateDigest } from "../src/state-digest.ts";

type State = Record<string, unknown>;
type DemoStore = Store<State>;
const day = (number: number) => new Date(Date.UTC(2020, 0, number));

let store: DemoStore;
const witness = createWitness();
beforeEach(async () => {
  store = createStore<State>({ collection: "files", storage: memoryStorage() });
  await store.import(witness.watch(revisions()));
});

async function* revisions() {
  yield { id: "a", at: day(1), by: "ann", state: { v: 1, list: [1, 2] } };
  yield { id: "a", at: day(2), by: "bo", state: { v: 2, list: [1, 3, 2] } };
  yield { id: "a", at: day(3), by: "ann", state: null };
  yield { id: "a", at: day(4), by: "ann", state: { list: [], v: 4 } };
}

test("A revert and its revert are proved exact", async () => {
  const proof = await proveRevert(store, "a", day(2));
  expect(proof).toMatchObject({ from: 4, version: 5, revert: { exact: true }, back: { exact: true } });
  expect(proof.revert.found).toBe(stateDigest({ list: [1, 3, 2], v: 2 }));
  expect(proof.back.found).toBe(stateDigest({ v: 4, list: [] }));
});

test("A deleted document is deleted again after the revert", async () => {
  await store.delete("a", "ann");
  const proof = await proveRevert(store, "a", day(1));
  expect(proof).toMatchObject({
    revert: { exact: true },
    back: { wanted: "none", found: "none", exact: true },
  });
  expect(await store.exists("a")).toBe(false);
});

test("A store that reverts to almost the same is found out", async () => {
  const wrong: DemoStore = {
    ...store,
    get: async (id) => {
      const state = await store.get(id);
      return state?.v === 2 ? { ...state, list: [1, 2, 3] } : state;
    },
  };
  const proof = await proveRevert(wrong, "a", day(2));
  expect(proof).toMatchObject({ revert: { exact: false }, back: { exact: true } });
});

test("A store that does not come back is found out", async () => {
  const wrong: DemoStore = {
    ...store,
    revert: (async (id: string, user: string, moment: Date) =>
      moment instanceof Date ? store.revert(id, user, moment) : {}) as DemoStore["revert"],
  };
  expect(await proveRevert(wrong, "a", day(2))).toMatchObject({
    revert: { exact: true },
    back: { exact: false },
  });
});

test("All states of the past are what the source said, and a wrong one is named", async () => {
  const sightings = witness.sightings("a");
  expect(sightings.map(({ at }) => at)).toEqual([1, 2, 3, 4].map(day));
  expect(await proveRecall(store, "a", sightings, 10)).toEqual({ asked: 4, wrong: [] });
  expect(await proveRecall(store, "a", sightings, 2)).toEqual({ asked: 2, wrong: [] });
  const wrong: DemoStore = {
    ...store,
    stateAt: async (id, moment) =>
      moment instanceof Date && moment >= day(3) ? { v: 2, list: [1, 3, 2] } : store.stateAt(id, moment),
  };
  expect((await proveRecall(wrong, "a", sightings, 10)).wrong).toEqual([day(3), day(4)]);
});

test("The digest of a state is that of its content, whatever the order of keys", () => {
  expect(stateDigest({ a: 1, b: { c: [2], d: null } })).toBe(stateDigest({ b: { d: null, c: [2] }, a: 1 }));
  expect(stateDigest({ a: [1, 2] })).not.toBe(stateDigest({ a: [2, 1] }));
  expect(stateDigest(JSON.parse('{"__proto__":{"a":1}}'))).not.toBe(stateDigest({}));
});
