// Which parts of a new value are the very objects of the one before.
import { expect, test } from "vitest";
import { normalise } from "../src/value/normalise.ts";
import { reconcileQuickly, unsure } from "../src/value/reconcile.ts";
import { isSealed } from "../src/value/seal.ts";
import { Money, oddTypes as types } from "./odd-types.ts";

const quick = (value: unknown, before?: unknown) => reconcileQuickly(before, value, types);
const nested = (levels: number): unknown => Array.from({ length: levels }).reduce((inner) => [inner], 1);

/** All lists of up to so many of these items. */
function lists<I>(items: readonly I[], most: number): I[][] {
  if (most === 0) return [[]];
  const shorter = lists(items, most - 1);
  const longest = shorter.filter(({ length }) => length === most - 1);
  return [...shorter, ...longest.flatMap((list) => items.map((item) => [...list, item]))];
}

const times = (list: readonly string[], item: string) => list.filter((other) => other === item).length;

test("an element that equals one before is that one, wherever it went, unless more are equal than there were", () => {
  const makers = [() => ({ x: 1 }), () => ({ id: 1, in: [2] }), () => ["a"]] as const;
  const cases = lists(makers, 3).map((list) => () => list.map((make) => make()));
  for (const makeOld of cases)
    for (const makeValue of cases) {
      const [before, value] = [normalise(makeOld(), types), makeValue()];
      const taken = quick(value, before) as unknown[];
      expect(taken).toEqual(value);
      const [olds, news] = [before, value].map((list) => list.map((item) => JSON.stringify(item)));
      expect(taken === before).toBe(String(olds) === String(news));
      for (const [i, item] of (news ?? []).entries())
        if (times(news ?? [], item) <= times(olds ?? [], item)) expect(before).toContain(taken[i]);
    }
});

test("an element that changed shares its parts with the one of its id, else with the one at its place", () => {
  const element = (id: number | undefined, part: number, n: number) => ({ id, n, part: { of: [part] } });
  const before = normalise(
    [element(1, 1, 0), element(2, 2, 0), element(3, 3, 0), element(undefined, 4, 0)],
    types,
  );
  const value = [
    element(3, 3, 1),
    element(2, 2, 1),
    element(1, 1, 1),
    element(undefined, 4, 1),
    element(9, 4, 1),
  ];
  const taken = quick(value, before) as typeof before;
  expect(taken).toEqual(normalise(value, types));
  const parts = taken.map(({ part }) => before.findIndex((old) => old.part === part));
  expect(parts).toEqual([2, 1, 0, 3, -1]);
});

test("numbers and elements without an id are not mistaken for the element of such an id", () => {
  const part = () => ({ of: [1] });
  const before = normalise(
    [1, null, { id: 1, part: part() }, { id: null, part: part(), n: 3 }, "end"],
    types,
  );
  const value = [
    { id: 9 },
    { id: null, part: part(), n: 3 },
    { id: 1, n: 2, part: part() },
    { id: null, n: 4 },
  ];
  const taken = quick(value, before) as Record<string, unknown>[];
  expect(taken).toEqual(value);
  expect(taken[1]).toBe(before[3]);
  expect(taken[2]?.part).toBe(Object(before[2]).part);
});

test("an object with a length is no list, and a list is no object with such keys", () => {
  for (const [old, value] of [
    [{ length: 0 }, []],
    [{ length: 1, 0: 5 }, [5]],
    [[5], { 0: 5 }],
    [[], {}],
    [{}, new Date(1)],
    [[new Date(1)], [{}]],
  ])
    for (const wrap of [
      (v: unknown) => v,
      (v: unknown) => [v],
      (v: unknown) => ({ v }),
      (v: unknown) => [[v, 1], 2],
    ])
      expect(quick([wrap(value)], normalise([wrap(old)], types))).toStrictEqual([wrap(value)]);
});

test("of elements with one id the first eight are looked at", () => {
  const alike = (count: number) => Array.from({ length: count }, (_, i) => ({ id: 1, n: i }));
  const before = normalise(alike(9), types);
  const found = (n: number) => before.indexOf(Object(quick([{ id: 2 }, { id: 1, n }], before))[1]);
  expect([0, 1, 6, 7].map(found)).toEqual([0, 1, 6, 7]);
  expect([quick([{ id: 2 }, { id: 1, n: 7 }, 3], before)]).toEqual([[{ id: 2 }, { id: 1, n: 7 }, 3]]);
  const ninth = quick([{ id: 2 }, { id: 1, n: 8 }, 3], before) as unknown[];
  expect([ninth, before.indexOf(ninth[1] as never)]).toEqual([[{ id: 2 }, { id: 1, n: 8 }, 3], -1]);
});

test("elements of one id are all shared where they stay at their ends or places, however many there are", () => {
  const alike = Array.from({ length: 20 }, (_, n) => ({ id: 1, n }));
  const before = normalise(alike, types);
  const places = (value: unknown[]) =>
    (quick(value, before) as typeof before).map((item) => before.indexOf(item));
  const all = alike.map((_, i) => i);
  const other = { id: 2, n: 0 };
  expect(places([...structuredClone(alike), other])).toEqual([...all, -1]);
  expect(places([other, ...structuredClone(alike)])).toEqual([-1, ...all]);
  expect(places([...alike.slice(0, 10), other, ...alike.slice(10)])).toEqual([
    ...all.slice(0, 10),
    -1,
    ...all.slice(10),
  ]);
  expect(places([...alike.slice(0, 5), ...alike.slice(15)])).toEqual([...all.slice(0, 5), ...all.slice(15)]);
  expect(places([other, ...alike.slice(1, -1), other])).toEqual([-1, ...all.slice(1, -1), -1]);
});

test("an empty key is a key like any other", () => {
  for (const value of [{ "": 1 }, { a: [1], "": { n: 1 } }, { "": [], a: 1 }]) {
    const before = normalise(value, types);
    expect(quick(structuredClone(value), before)).toBe(before);
    expect(quick([structuredClone(value), 1], normalise([value], types))).toEqual([value, 1]);
    expect(quick({ ...value, b: 2 }, before)).toStrictEqual({ ...value, b: 2 });
  }
});

test("fields of an object that are equal are shared, in whichever order they come and whatever came or went beside them", () => {
  const before = normalise({ a: { n: 1 }, b: [1], c: new Date(1), d: new Money(1) }, types);
  const values: readonly Record<string, unknown>[] = [
    { b: [1], a: { n: 1 } },
    { d: new Money(1), c: new Date(1), b: [1], a: { n: 1 }, e: 1 },
    { x: 0, a: { n: 1 }, b: [1], c: new Date(1) },
    { a: undefined, b: [1], c: new Date(1), d: new Money(2) },
    { a: { n: 1 }, b: [2], c: new Date(1), d: new Money(1) },
    { a: { n: 2 }, u: undefined, b: [1], c: new Date(1), d: new Money(1) },
  ];
  for (const value of values) {
    const taken = quick(value, before) as Record<string, unknown>;
    const plain: Record<string, unknown> = normalise(value, types);
    expect(taken).toStrictEqual(plain);
    expect(Object.keys(taken)).toEqual(Object.keys(plain));
    expect(isSealed(taken)).toBe(true);
    for (const [key, part] of Object.entries(before)) {
      const isEqual = JSON.stringify(part) === JSON.stringify(value[key]);
      expect({ key, shared: taken[key] === part }).toEqual({ key, shared: isEqual });
    }
  }
});

test("a sealed value of its own is taken as it is, where none of its parts is one before", () => {
  const before = normalise({ a: [1], l: [{ n: 1 }] }, types);
  for (const value of [{ a: [2] }, { a: [2], l: [{ n: 2 }, { n: 3 }] }, { l: [] }, {}]) {
    const sealed = normalise(value, types);
    expect(quick(sealed, before)).toBe(sealed);
    expect(quick({ in: sealed }, normalise({ in: before }, types))).toEqual({ in: value });
  }
  const list = normalise([[2], [3]], types);
  expect(quick(list, normalise([[1]], types))).toBe(list);
  expect(quick(list, normalise({ a: 1 }, types))).toBe(list);
});

test("many values beside each other are not deep, and 90 levels are taken whatever stands beside them", () => {
  const wide = {
    list: Array.from({ length: 200 }, (_, n) => ({ n: [n] })),
    deep: { in: nested(88) },
    end: [1],
  };
  for (const before of [
    undefined,
    normalise({ list: [{ n: [5] }], deep: {}, end: [] }, types),
    normalise([], types),
  ]) {
    expect(quick(wide, before)).toEqual(wide);
    expect(quick({ ...wide, deep: { in: nested(89) } }, before)).toBe(unsure);
  }
  const sealed = normalise(nested(88), types);
  expect(quick({ list: [[1]], deep: { in: sealed } })).toEqual({ list: [[1]], deep: { in: sealed } });
  expect(quick({ list: [[1]], deep: [{ in: sealed }] })).toBe(unsure);
});

test("a value before of 90 levels is gone on from", () => {
  const before = normalise({ a: nested(89), n: 1 }, types);
  const taken = quick({ a: nested(89), n: 2 }, before) as typeof before;
  expect(taken.a).toBe(before.a);
});
