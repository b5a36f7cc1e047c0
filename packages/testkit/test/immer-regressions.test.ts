// Recipes whose patches Immer itself loses, doubles or cannot replay (research/patches.md, sections 0, 3 and
// 4).
import { applyPatches, normalise, runRecipe } from "@everdraft/core/adapter";
import { enablePatches, Immer, original } from "immer";
import { describe, expect, test } from "vitest";
import { difference, plainTypes } from "../src/index.ts";

enablePatches();
const immer = new Immer({ autoFreeze: true });

// biome-ignore lint/suspicious/noExplicitAny: recipes of many shapes in one table
type Draft = any;
type Case = readonly [what: string, base: Readonly<Record<string, unknown>>, recipe: (draft: Draft) => void];

const lostByImmer: readonly Case[] = [
  [
    "an edited draft is also put into a new object",
    { item: { x: 1 }, log: [] },
    (d) => {
      d.item.x = 2;
      d.log.push({ was: d.item });
    },
  ],
  [
    "a draft in a new array is edited through it",
    { b: [0] },
    (d) => {
      d.a = [d.b];
      d.a[0][0] = {};
    },
  ],
  [
    "an edited draft is pushed into a new array",
    { c: {}, a: [] },
    (d) => {
      d.c.a = 1.5;
      d.a = [];
      d.a.push(d.c);
    },
  ],
  [
    "a filtered list keeps an edited draft at a second place",
    { items: [{ n: 1 }, { n: 2 }] },
    (d) => {
      d.items[0].n = 5;
      d.kept = d.items.filter((item: Draft) => item.n === 5);
    },
  ],
  [
    "a spread copy holds an edited draft",
    { a: { o: { x: 1 }, p: 1 } },
    (d) => {
      d.a.o.x = 2;
      d.b = { ...d.a };
    },
  ],
];

const otherTraps: readonly Case[] = [
  [
    "a draft stands at two places and is edited",
    { a: { x: 1 } },
    (d) => {
      d.c = d.a;
      d.a.x = 2;
    },
  ],
  [
    "a base value is written back beside another change",
    { a: {} },
    (d) => {
      d.a = original(d.a);
      d.b = {};
    },
  ],
  [
    "a draft is set at a second place after an element was replaced",
    { c: [], a: [""] },
    (d) => {
      d.a[0] = {};
      d.c = d.a;
    },
  ],
  [
    "a base value is put elsewhere",
    { a: { x: [1] }, b: {} },
    (d) => {
      d.a.x.push(2);
      d.b.old = original(d.a);
    },
  ],
  [
    "a key called constructor is edited inside",
    { constructor: { a: 0 }, inner: { constructor: { b: [] } } },
    (d) => {
      d.constructor.a = 1;
      d.inner.constructor.b.push(1);
    },
  ],
  [
    "a new object is set at two places, and changed later at one",
    {},
    (d) => {
      const shared = { k: 1 };
      d.x = shared;
      d.y = shared;
    },
  ],
  [
    "a list is cut by its length",
    { list: [{ a: 1 }, { a: 2 }, { a: 3 }] },
    (d) => {
      d.list.length = 1;
    },
  ],
  [
    "keys are removed and set again",
    { a: 1, b: { c: 1 } },
    (d) => {
      delete d.a;
      d.a = { new: true };
      delete d.b.c;
      d.b.c = 2;
    },
  ],
  [
    "two elements change places and one is edited",
    { list: [{ id: 1 }, { id: 2, x: 1 }] },
    (d) => {
      [d.list[0], d.list[1]] = [d.list[1], d.list[0]];
      d.list[0].x = 2;
    },
  ],
  [
    "an element is put in front of itself inside a new one",
    { list: [{ x: {} }, 0] },
    (d) => {
      d.list[1] = {};
      d.list[1].y = d.list[0].x;
      d.list.unshift(0);
    },
  ],
];

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
