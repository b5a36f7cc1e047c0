// How many patches an edit of a list takes, where Immer's own take hundreds (research/patches.md, section 1).
import { encode, type Patch } from "@everdraft/core/adapter";
import { applyPatches, normalise, runRecipe } from "@everdraft/core/internals";
import { describe, expect, test } from "vitest";
import { difference, plainTypes } from "../src/index.ts";

interface Item {
  readonly id: number;
  name: string;
  readonly tags: readonly string[];
}
interface Base {
  items: Item[];
}

const item = (id: number): Item => ({ id, name: `item ${id} of a thousand`, tags: ["a", "b"] });
const base = normalise({ items: Array.from({ length: 1000 }, (_, i) => item(i)) }, plainTypes);

type Row = readonly [edit: string, recipe: (draft: Base) => void, bytes: number, ops: readonly string[]];

const rows: readonly Row[] = [
  ["push", (d) => void d.items.push(item(1000)), 200, ["add"]],
  ["unshift", (d) => void d.items.unshift(item(-1)), 200, ["add"]],
  ["splice in, in the middle", (d) => void d.items.splice(500, 0, item(-1)), 200, ["add"]],
  ["splice out, in the middle", (d) => void d.items.splice(500, 1), 100, ["remove"]],
  [
    "filter, dropping one",
    (d) => {
      d.items = d.items.filter(({ id }) => id !== 321);
    },
    100,
    ["remove"],
  ],
  [
    "move from 900 to 10",
    (d) => void d.items.splice(10, 0, ...d.items.splice(900, 1)),
    300,
    ["add", "remove"],
  ],
  [
    "edit in the middle and unshift",
    (d) => {
      const found = d.items[500];
      if (found) found.name = "edited";
      d.items.unshift(item(-1));
    },
    300,
    ["add", "replace"],
  ],
  [
    "edit of one element",
    (d) => {
      const found = d.items[500];
      if (found) found.name = "edited";
    },
    120,
    ["replace"],
  ],
  ["pop", (d) => void d.items.pop(), 100, ["remove"]],
  ["shift", (d) => void d.items.shift(), 100, ["remove"]],
  ["sort, backwards", (d) => void d.items.sort((a, b) => b.id - a.id), 100_000, ["replace"]],
  ["reverse", (d) => void d.items.reverse(), 100_000, ["replace"]],
  [
    "length = 0",
    (d) => {
      d.items.length = 0;
    },
    100,
    ["replace"],
  ],
  [
    "map to equal objects",
    (d) => {
      d.items = d.items.map((one) => ({ ...one }));
    },
    10,
    [],
  ],
  [
    "map that edits one",
    (d) => {
      d.items = d.items.map((one) => (one.id === 7 ? { ...one, name: "seven" } : { ...one }));
    },
    120,
    ["replace"],
  ],
];

describe("of a list of a thousand objects", () => {
  test.each(rows)("%s", (_, recipe, bytes, ops) => {
    const patches: readonly Patch[] = runRecipe(base, recipe, "a", plainTypes);
    expect(patches.map(({ op }) => op)).toEqual(ops);
    expect(encode(patches, plainTypes).length).toBeLessThan(bytes);
    const copy = structuredClone(base) as unknown as Base;
    recipe(copy);
    expect(difference(applyPatches(base, patches), copy, plainTypes)).toBeUndefined();
  });
});
