import { original } from "immer";

// biome-ignore lint/suspicious/noExplicitAny: recipes of many shapes in one table
export type Draft = any;
/** A case: its title, the base, the recipe. */
export type Case = readonly [
  what: string,
  base: Readonly<Record<string, unknown>>,
  recipe: (draft: Draft) => void,
];

/** Changes that Immer 11 does by its state and loses in its patches. */
export const lostByImmer: readonly Case[] = [
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

/** Cases that other versions, other libraries or a careless replay get wrong. */
export const otherTraps: readonly Case[] = [
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
