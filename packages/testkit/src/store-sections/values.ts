import type { Store } from "@everdraft/core";
import { expect } from "vitest";
import { difference } from "../build/exact.ts";
import { plainTypes } from "../build/plain-types.ts";
import { nastyIds } from "../generators/nasty-ids.ts";
import { isTopLevelKey, nastyKeys } from "../generators/nasty-keys.ts";
import { nastyValues, treacherousValues } from "../generators/nasty-values.ts";
import { section } from "../sections/section.ts";
import { storesNothing } from "./refusals.ts";
import { patient, type StoreSection } from "./store-bench.ts";

type Plain = Record<string, unknown>;
const all = [...nastyValues, ...treacherousValues];

/** Values, keys and ids of every kind, through every way into a document. */
export const values: StoreSection = section(
  "values of every kind",
  {
    "each value comes back exactly, set by create, edit, replace and import": async (bench) => {
      const store = bench.open<Plain>();
      const cold = bench.open<Plain>({ cache: { maxBytes: 0 } });
      for (const [i, [label, value]] of all.entries()) {
        const id = `v-${i}`;
        // a value that nests as deep as may be has no room in a list
        const listed = label.includes("as deep as may be") ? [] : [value];
        await store.create(id, "alice", { value, list: [] });
        await store.edit(id, "alice", (draft) => {
          (draft.list as unknown[]).push(...structuredClone(listed));
          draft.other = structuredClone(value);
          delete draft.value;
        });
        await store.replace(id, "alice", { list: [[], ...listed], value });
        const states = [
          { value, list: [] },
          { other: value, list: listed },
          { list: [[], ...listed], value },
        ];
        for (const [v, state] of states.entries()) await expectState(cold, id, v + 1, state);
        await store.import([{ id: `i-${i}`, at: new Date(i), by: "alice", state: { value } }]);
        await expectState(cold, `i-${i}`, 1, { value });
      }
    },

    "what is normalised is the same in the answer, in the log and for whoever reads": async (bench) => {
      const store = bench.open<Plain>();
      const given = {
        gone: undefined,
        list: [undefined, -0],
        zero: -0,
        buffer: Buffer.from([1, 2]),
        _id: "n",
      };
      const kept = { list: [null, 0], zero: 0, buffer: Uint8Array.of(1, 2) };
      const written = await store.create("n", "alice", given);
      expect(difference(written.state, kept, plainTypes)).toBeUndefined();
      await expectState(bench.open<Plain>(), "n", 1, kept);
      const answer = await store.edit(
        "n",
        "bob",
        (draft) => void Object.assign(draft, structuredClone(given)),
      );
      expect(answer).toMatchObject({ changed: false, version: 1 });
    },

    "each key comes back exactly, and can be set, changed and deleted": async (bench) => {
      const store = bench.open<Plain>();
      const inner = Object.fromEntries(nastyKeys.map((key, i) => [key, { n: i }]));
      const top = nastyKeys.filter(isTopLevelKey);
      const outer = Object.fromEntries(top.map((key, i) => [key, i]));
      await store.create("k", "alice", { ...outer, inner });
      for (const key of nastyKeys) {
        await store.edit("k", "alice", (draft) => {
          const place = (draft.inner as Record<string, { n: number }>)[key];
          if (place !== undefined) place.n += 1000;
        });
      }
      await store.edit("k", "alice", (draft) => {
        for (const key of top) delete draft[key];
      });
      const changed = Object.fromEntries(nastyKeys.map((key, i) => [key, { n: i + 1000 }]));
      const cold = bench.open<Plain>();
      await expectState(cold, "k", 1, { ...outer, inner });
      await expectState(cold, "k", nastyKeys.length + 1, { ...outer, inner: changed });
      await expectState(cold, "k", nastyKeys.length + 2, { inner: changed });
      const keys = (await store.diff("k", { version: 1 }, { version: 2 })).map(({ path }) => path);
      expect(keys).toEqual([["inner", nastyKeys[0], "n"]]);
    },

    "each id is a document of its own, however alike two look": async (bench) => {
      const store = bench.open<Plain>();
      await Promise.all(nastyIds.map((id, i) => store.create(id, nastyIds.at(-i - 1) ?? "", { i }, patient)));
      await Promise.all(
        nastyIds.map((id) => store.edit(id, "bob", (draft) => void (draft.i as number)++, patient)),
      );
      const cold = bench.open<Plain>();
      expect(await cold.getMany(nastyIds)).toEqual(nastyIds.map((_, i) => ({ i: i + 1 })));
      for (const [i, id] of nastyIds.entries()) {
        expect(await cold.read(id, { version: 1 })).toMatchObject({
          id,
          by: nastyIds.at(-i - 1),
          state: { i },
        });
        expect((await cold.find({ _id: id }).toArray()).map((found) => found.id)).toEqual([id]);
      }
      const found = await cold.find().toArray();
      expect(found.map(({ id }) => id).toSorted()).toEqual(nastyIds.toSorted());
      expect(await cold.changes().toArray()).toHaveLength(2 * nastyIds.length);
    },
  },
  {
    "setting a value that is equal changes nothing, whatever its kind": async (bench) => {
      const store = bench.open<Plain>();
      for (const [i, [, value]] of all.entries()) {
        const id = `v-${i}`;
        await store.create(id, "alice", { value });
        const answers = await storesNothing(bench.port, [id], async () => [
          await store.edit(
            id,
            "bob",
            (draft) => void Object.assign(draft, { value: structuredClone(value) }),
          ),
          await store.replace(id, "bob", { value: structuredClone(value) }),
        ]);
        expect(answers.map(({ changed }) => changed)).toEqual([false, false]);
      }
    },
  },
);

async function expectState(store: Store<Plain>, id: string, version: number, state: Plain): Promise<void> {
  expect(difference(await store.stateAt(id, { version }), state, plainTypes)).toBeUndefined();
  const now = await store.read(id);
  if (now?.version !== version) return;
  expect(difference(now.state, state, plainTypes)).toBeUndefined();
  expect(difference(await store.get(id), state, plainTypes)).toBeUndefined();
}
