// The quick walk: it shares the parts that are equal before, and says yes to nothing that the other walk would refuse or change.
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { normalise, reconcile } from "../src/value/normalise.ts";
import { reconcileQuickly, unsure } from "../src/value/reconcile.ts";
import { isSealed, seal } from "../src/value/seal.ts";
import { Money, oddTypes as types, Weight } from "./odd-types.ts";

const quick = (value: unknown, before?: unknown) => reconcileQuickly(before, value, types);

class OwnBytes extends Uint8Array {}
class OwnList extends Array<unknown> {}
const nested = (levels: number): unknown => Array.from({ length: levels }).reduce((inner) => [inner], 1);
const revoked = (target: object) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
const cyclic: unknown[] = [];
cyclic.push({ in: cyclic });
const hidden = Object.defineProperty([1], "more", { value: 1, enumerable: false });
const getter = Object.defineProperty({}, "n", {
  enumerable: true,
  get: () => {
    throw new Error("mine");
  },
});

/** A value that is refused, and a value that was stored and looks the same as far as its fields go. */
const refused: readonly (readonly [what: string, value: unknown, alike: unknown])[] = [
  ["a bigint", 1n, 1],
  ["a function", () => 1, {}],
  ["a symbol", Symbol("s"), null],
  ["half a surrogate pair", "x\ud800", "x\ufffd"],
  ["a hole", Array(1), [null]],
  ["a named property", Object.assign([1], { more: 1 }), [1]],
  ["a hidden property of a list", hidden, [1]],
  ["a symbol in a list", Object.assign([1], { [Symbol("s")]: 1 }), [1]],
  ["a symbol as key", { n: 1, [Symbol("s")]: 1 }, { n: 1 }],
  ["__proto__", JSON.parse('{"n":1,"__proto__":{}}'), { n: 1 }],
  ["NUL in a key", { "a\0": 1 }, { a: 1 }],
  ["half a pair in a key", { "\udc00": 1 }, { "\ufffd": 1 }],
  ["no date", new Date(Number.NaN), new Date(0)],
  ["a date too late", new Date(253402300800000), new Date(253402300799999)],
  ["a date too early", new Date(-62135596800001), new Date(-62135596800000)],
  ["a false date", Object.create(Date.prototype), new Date(0)],
  ["an instance", new Map(), {}],
  ["an instance with fields", Object.assign(new (class Own {})(), { n: 1 }), { n: 1 }],
  ["bytes of a class", OwnBytes.of(1), Uint8Array.of(1)],
  ["false bytes", Object.create(Uint8Array.prototype), Uint8Array.of()],
  ["other bytes", Uint16Array.of(1), Uint8Array.of(1)],
  ["a revoked list", revoked([]), []],
  ["a revoked object", revoked({}), {}],
  ["a cycle", cyclic, [{ in: [{ in: [] }] }]],
  ["a getter that throws", getter, { n: 1 }],
  ["91 levels", nested(91), nested(90)],
];

describe("the quick walk is unsure of", () => {
  test.each(refused)("%s", (_, value, alike) => {
    expect(quick(value)).toBe(unsure);
    for (const wrap of [
      (v: unknown) => ({ v, w: 1 }),
      (v: unknown) => [v, 1],
      (v: unknown) => [1, { v }, 2],
    ]) {
      expect(quick(wrap(value))).toBe(unsure);
      const before = normalise(wrap(levelsLess(alike)), types);
      expect(quick(wrap(value), before)).toBe(unsure);
      expect(() => reconcile(before, wrap(value), types)).toThrow();
    }
    const many = normalise([1, 2, levelsLess(alike), 3], types);
    expect(quick([levelsLess(alike), 0, value, 9], many)).toBe(unsure);
  });

  test("undefined as a whole, and sealed parts that nest too deeply where they are put", () => {
    expect(quick(undefined)).toBe(unsure);
    const deep = normalise(nested(90), types);
    expect(quick(deep)).toBe(deep);
    expect(quick({ deep })).toBe(unsure);
    expect(quick({ deep }, normalise({ deep: [] }, types))).toBe(unsure);
    expect(quick([1, nested(90)], normalise([1, nested(89)], types))).toBe(unsure);
  });
});

/** Deep values have to fit into others. */
function levelsLess(value: unknown): unknown {
  return Array.isArray(value) && JSON.stringify(value).startsWith("[".repeat(80)) ? nested(80) : value;
}

test("what comes every day is taken by the quick walk, as the other one would", () => {
  const bare = Object.assign(Object.create(null), { x: true });
  const values: readonly unknown[] = [
    ...[null, true, 1.5, "ü", new Date(5), Uint8Array.of(1), Buffer.from([1, 2]), new Money(1)],
    ...[[], {}, [undefined, -0], { u: undefined, z: -0 }, bare, OwnList.from([1, [2]])],
    ...[runInNewContext("[[1], { a: [] }]"), { a: { b: [{ c: new Date(1) }] } }],
  ];
  for (const value of values) {
    const taken = quick({ value });
    expect(taken).toEqual({ value: normalise(value, types) });
    expect(isSealed(taken as object)).toBe(true);
  }
  expect(quick(-0)).toBe(0);
  expect(quick(OwnList.of(1))?.constructor).toBe(Array);
  expect(quick(runInNewContext("[1]"))?.constructor).toBe(Array);
  expect(Object.is((quick([-0], normalise([0], types)) as number[])[0], 0)).toBe(true);
  expect(Object.is((quick({ z: -0, n: 1 }, normalise({ z: 0 }, types)) as { z: number }).z, 0)).toBe(true);
});

test("a value that is equal to the one before is that very one", () => {
  const values: readonly unknown[] = [
    [{ n: Number.NaN, d: new Date(1), b: Uint8Array.of(1), m: new Money(1) }, [[], {}], null],
    { a: { b: [1, 2, { c: "x" }] }, d: null },
  ];
  for (const value of values) {
    const before = normalise(value, types);
    for (const again of [structuredWithin(value), normalise(structuredWithin(value), types)])
      expect(quick(again, before)).toBe(before);
  }
  const before = normalise({ a: 1, b: [null], z: 0 }, types);
  expect(quick({ z: -0, b: [undefined], u: undefined, a: 1 }, before)).toBe(before);
  const bytes = normalise({ bytes: Uint8Array.of(1, 2) }, types);
  expect(quick({ bytes: Buffer.from([1, 2]) }, bytes)).toBe(bytes);
});

/** A copy in containers and leaves of its own. */
function structuredWithin(value: unknown): unknown {
  if (value instanceof Money) return new Money(value.cents);
  if (Array.isArray(value)) return value.map(structuredWithin);
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
    return structuredClone(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, structuredWithin(inner)]));
}

test("what differs is taken as it is given: keys that came, went or are others, leaves of another kind", () => {
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [
      { a: 1, b: 2 },
      { a: 1, c: 2 },
    ],
    [{ a: 1 }, { b: 1 }],
    [
      { a: 1, b: 2 },
      { a: 1, u: undefined },
    ],
    [{ a: null }, { a: undefined, b: 1 }],
    [{ n: new Money(1) }, { n: new Weight(1) }],
    [{ n: new Date(1) }, { n: 1 }],
    [{ n: new Date(1) }, { n: new Date(2) }],
    [{ n: Uint8Array.of(1) }, { n: Uint8Array.of(2) }],
    [{ n: {} }, { n: [] }],
    [{ n: [] }, { n: {} }],
    [{ n: { 0: 1 } }, { n: [1] }],
    [{ n: [1] }, { n: { 0: 1 } }],
    [{ n: null }, { n: {} }],
    [{ n: 1 }, { n: "1" }],
    [{ constructor: 1 }, { toString: 1 }],
    [{ a: 1 }, { constructor: 1 }],
    [
      [1, 2, 3],
      [1, 3],
    ],
    [
      [1, 3],
      [1, 2, 3],
    ],
    [[1, 1], [1]],
    [[], [undefined]],
    [
      [[1], [2]],
      [[2], [1], [3]],
    ],
    [
      [{ id: 1, v: 1 }, { id: 2 }],
      [{ id: 2 }, { id: 1, v: 2 }],
    ],
  ];
  for (const [a, b] of pairs)
    for (const [before, value] of [
      [a, b],
      [{ x: [a, 1] }, { x: [b, 1] }],
    ]) {
      const plain = normalise(value, types);
      for (const given of [value, plain]) {
        const taken = quick(given, normalise(before, types));
        expect(taken).toStrictEqual(plain);
        expect(Object.keys(taken as object)).toEqual(Object.keys(plain as object));
        expect(isSealed(taken as object)).toBe(true);
      }
    }
});

interface Element {
  id?: number;
  v: number[];
  w?: { x: number };
}

test("equal parts are shared beside those that changed, and elements that moved too", () => {
  const element = (id: number): Element => ({ id, v: [id], w: { x: id } });
  const before = normalise({ a: { deep: [1] }, list: [1, 2, 3, 4, 5].map(element) }, types);
  const [one, two, three, four, five] = before.list;
  const changed = { ...element(3), v: [0] };
  const after = [element(9), element(1), changed, element(2), element(5), element(4)];
  const taken = quick({ a: { deep: [1] }, list: after, b: 1 }, before) as typeof before;
  expect(taken).toEqual({ a: { deep: [1] }, list: after, b: 1 });
  expect(taken.a).toBe(before.a);
  const shared = [one, two, five, four].map((element) => taken.list.indexOf(element as Element));
  expect(shared).toEqual([1, 3, 4, 5]);
  expect(taken.list[2]?.w).toBe(three?.w);
  expect(taken.list[2]).not.toBe(three);
});

test("of a sealed value the parts that are not shared are its own", () => {
  const before = normalise({ a: [1], b: { c: 1 } }, types);
  const value = normalise({ a: [2], b: { c: 1 }, n: { new: 1 } }, types);
  const taken = quick(value, before) as typeof value;
  expect(taken).toEqual(value);
  expect([taken.a === value.a, taken.b === before.b, taken.n === value.n]).toEqual([true, true, true]);
  const other = normalise({ a: [3], b: { c: 2 } }, types);
  expect(quick(other, before)).toBe(other);
  expect(quick(other, normalise([1], types))).toBe(other);
  expect(quick(normalise([[3]], types), normalise([[1]], types))).toEqual([[3]]);
});

test("a dated part is never the caller's own, shared or not", () => {
  const when = new Date(1);
  const before = normalise({ when, n: 1 }, types);
  const again = quick({ when, n: 2 }, before) as { when: Date };
  expect(again.when).toBe(before.when);
  expect((quick({ when, n: 2 }) as { when: Date }).when).not.toBe(when);
});

test("a state before that nests too deeply is not gone on from", () => {
  const stored = () => JSON.parse(`{"n":1,"l":${"[".repeat(95)}${"]".repeat(95)}}`);
  expect(quick(stored(), seal(stored()))).toBe(unsure);
  expect(quick([1, stored()], seal([1, stored()]))).toBe(unsure);
});
