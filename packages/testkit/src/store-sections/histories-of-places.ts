import type { DocumentEvent, HistoryQuery, Store } from "@everdraft/core";
import { sameValue } from "@everdraft/core/internals";
import * as fc from "fast-check";
import { expect } from "vitest";
import { plainTypes } from "../build/plain-types.ts";
import { anyRecipe, applyEdits } from "../generators/any-recipe.ts";
import type { Container } from "../generators/places.ts";
import { librarySection } from "../sections/section.ts";
import { seeded } from "../seeded.ts";
import { linesOf, order } from "./order.ts";
import type { StoreSection } from "./store-bench.ts";

type Path = NonNullable<HistoryQuery["path"]>;
type Plain = Record<string, unknown>;

/** The events that touched one place of a document. */
export const historiesOfPlaces: StoreSection = librarySection("histories of places", {
  "an insertion or a removal in a list touches all places behind it, and all inside them": async (bench) => {
    const store = bench.open();
    await store.create("o-1", "alice", order({ lines: linesOf("A", "B") }));
    await store.edit("o-1", "bob", (draft) => void draft.lines.unshift({ id: "Z", qty: 9 }));
    await store.edit("o-1", "bob", (draft) => void Object.assign(draft.lines[1] as object, { qty: 5 }));
    await store.edit("o-1", "bob", (draft) => void draft.lines.splice(1, 1));
    await store.edit("o-1", "bob", (draft) => void draft.lines.push({ id: "Y", qty: 7 }));
    await store.edit("o-1", "bob", (draft) => void Object.assign(draft, { note: "n" }));
    await store.edit("o-1", "bob", (draft) => void Object.assign(draft, { lines: [] }));
    const cases: readonly [Path, number[]][] = [
      [
        ["lines", 0],
        [1, 2, 7],
      ],
      [
        ["lines", 0, "qty"],
        [1, 2, 7],
      ],
      [
        ["lines", 1],
        [1, 2, 3, 4, 7],
      ],
      [
        ["lines", 1, "qty"],
        [1, 2, 3, 4, 7],
      ],
      [
        ["lines", 1, "id"],
        [1, 2, 4, 7],
      ],
      [
        ["lines", 2],
        [1, 2, 4, 5, 7],
      ],
      [["lines"], [1, 2, 3, 4, 5, 7]],
      [["note"], [1, 6]],
    ];
    for (const [path, wanted] of cases) {
      expect({ path, versions: await versions(store, path) }).toEqual({ path, versions: wanted });
      expect(await versions(store, path.map(String))).toEqual(wanted);
    }
  },

  "a step may be a text or a number, in a list and in an object alike": async (bench) => {
    const store = bench.open<Plain>();
    await store.create("d", "alice", { list: [["a"], ["b"]], keyed: { 0: "a", "01": "b", 1: "c" } });
    await store.edit("d", "bob", ({ list }) => void ((list as string[][])[1] as string[]).push("c"));
    await store.edit("d", "bob", ({ keyed }) => void Object.assign(keyed as object, { 0: "x" }));
    await store.edit("d", "bob", ({ keyed }) => void Object.assign(keyed as object, { "01": "y" }));
    await store.edit("d", "bob", ({ keyed }) => void delete (keyed as Plain)["0"]);
    const cases: readonly [Path, number[]][] = [
      [
        ["list", "1"],
        [1, 2],
      ],
      [["list", "1", "0"], [1]],
      [
        ["list", 1, "1"],
        [1, 2],
      ],
      [["list", "01"], [1]],
      [
        ["keyed", 0],
        [1, 3, 5],
      ],
      [
        ["keyed", "0"],
        [1, 3, 5],
      ],
      [
        ["keyed", "01"],
        [1, 4],
      ],
      // the keys of an object have no places behind one another
      [["keyed", 1], [1]],
    ];
    for (const [path, wanted] of cases)
      expect({ path, versions: await versions(store, path, "d") }).toEqual({ path, versions: wanted });
  },

  "whatever edits did, each event that changed the value at a place is in the history of the place": async (
    bench,
  ) => {
    const store = bench.open<Plain>();
    let run = 0;
    const property = fc.asyncProperty(
      fc.array(anyRecipe(), { minLength: 1, maxLength: 4 }),
      async (recipes) => {
        const id = `doc-${run++}`;
        await store.create(id, "alice", {
          list: [{ id: 1, v: [1, 2] }, [3, [4]], 5, { id: 6 }],
          a: { b: [] },
        });
        for (const edits of recipes)
          await store
            .edit(id, "bob", (draft) => applyEdits(draft as Container, edits))
            .catch(() => undefined);
        const events = await store.history(id).toArray();
        const states = await Promise.all(events.map(({ version }) => store.stateAt(id, { version })));
        for (const path of placesIn(states)) {
          const changed = events.filter(
            (_, i) => !sameValue(at(states[i - 1], path), at(states[i], path), plainTypes),
          );
          const told = await versions(store, path, id);
          expect({
            path,
            untold: changed.filter((event) => !told.includes(event.version)).map(patchesOf),
          }).toEqual({
            path,
            untold: [],
          });
        }
      },
    );
    await fc.assert(property, seeded(15));
  },
});

async function versions(store: Pick<Store<never>, "history">, path: Path, id = "o-1"): Promise<number[]> {
  return (await store.history(id, { path }).toArray()).map(({ version }) => version);
}

const patchesOf = ({ version, patches }: DocumentEvent) => ({ version, patches });

/** The paths of all that any of the states holds, down to four levels. */
function placesIn(states: readonly unknown[]): readonly Path[] {
  const found = new Map<string, Path>();
  const collect = (value: unknown, path: Path): void => {
    found.set(JSON.stringify(path), path);
    if (path.length === 4 || typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value))
      collect(inner, [...path, Array.isArray(value) ? Number(key) : key]);
  };
  for (const state of states) collect(state, []);
  return [...found.values()];
}

function at(state: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined,
    state,
  );
}
