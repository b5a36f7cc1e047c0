// Recipes whose patches Immer itself loses, doubles or cannot replay (research/patches.md, sections 0, 3 and
// 4).
import { applyPatches, normalise, runRecipe } from "@everdraft/core/internals";
import { enablePatches, Immer } from "immer";
import { describe, expect, test } from "vitest";
import { difference, plainTypes } from "../src/index.ts";
import { type Case, type Draft, lostByImmer, otherTraps } from "./immer-cases.ts";

enablePatches();
const immer = new Immer({ autoFreeze: true });

describe("the patches lead to the state that was produced when", () => {
  test.each([...lostByImmer, ...otherTraps])("%s", (_, base, recipe) => {
    const before = normalise(base, plainTypes);
    const wanted = normalise(immer.produce(before, recipe), plainTypes);
    const patches = runRecipe(before, recipe, "a", plainTypes);
    expect(difference(applyPatches(before, patches), wanted, plainTypes)).toBeUndefined();
  });
});

describe("and Immer's own patches still do not when", () => {
  // when one of these fails, Immer was mended: the reason for patches of our own is then speed and size alone
  test.fails.each(lostByImmer)("%s", (_, base, recipe) => {
    const before = normalise(base, plainTypes);
    const [next, patches] = immer.produceWithPatches(before, recipe);
    expect(immer.applyPatches(before, patches)).toEqual(next);
  });
});

describe("nothing is stored when", () => {
  const unchanged: readonly Case[] = [
    [
      "0 becomes -0",
      { a: 0 },
      (d) => {
        d.a = 1;
        d.a = -0;
      },
    ],
    [
      "a value is changed and changed back",
      { a: 1, o: { b: 1 } },
      (d) => {
        d.a = 2;
        d.a = 1;
        d.o.b = 2;
        d.o.b = 1;
      },
    ],
    [
      "an equal date, equal bytes or an equal object is set",
      { d: new Date(5), b: Uint8Array.of(1), o: { p: [1] } },
      (d) => {
        d.d = new Date(5);
        d.b = Uint8Array.of(1);
        d.o = { p: [1] };
      },
    ],
    [
      "an undefined field is set where none was",
      { a: 1 },
      (d) => {
        d.b = undefined;
      },
    ],
    [
      "keys change their order",
      { a: 1, b: 2 },
      (d) => {
        delete d.a;
        d.a = 1;
      },
    ],
  ];

  test.each(unchanged)("%s", (_, base, recipe) => {
    expect(runRecipe(normalise(base, plainTypes), recipe, "a", plainTypes)).toEqual([]);
  });
});

test("an object that was set at two places is two objects for every later change", () => {
  const first = runRecipe(
    normalise({}, plainTypes),
    (draft: Draft) => {
      const shared = { k: 1 };
      draft.x = shared;
      draft.y = shared;
    },
    "a",
    plainTypes,
  );
  const once = normalise(applyPatches({}, first) as object, plainTypes) as Record<string, unknown>;
  const second = runRecipe(
    once,
    (draft: Draft) => {
      draft.x.k = 2;
    },
    "a",
    plainTypes,
  );
  expect(applyPatches({}, [...first, ...second])).toEqual({ x: { k: 2 }, y: { k: 1 } });
  expect(applyPatches({}, first)).toEqual({ x: { k: 1 }, y: { k: 1 } });
});

test("a base with a hole-free list that grows by its length is refused, not filled", () => {
  const base = normalise({ list: [1] }, plainTypes);
  const grow = (draft: Draft): void => {
    draft.list.length = 3;
  };
  expect(() => runRecipe(base, grow, "a", plainTypes)).toThrow(expect.objectContaining({ code: "value" }));
});
