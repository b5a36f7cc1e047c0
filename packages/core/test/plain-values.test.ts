// Which values are plain objects, dates, bytes and ids: of this realm, of another one, and in a page without Node.
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  isBytes,
  isContainer,
  isCount,
  isDate,
  isPlain,
  isStorableTime,
  ownId,
  ownIdKey,
  sameLeaf,
  sameValue,
  timeOf,
} from "../src/value/value.ts";
import { valueTypes } from "../src/value/value-type.ts";
import { Money, oddTypes as types, Weight } from "./odd-types.ts";

test("an object of another realm is plain, and one behind which there is another object is not", () => {
  expect(
    ["({})", "Object.create(null)", "JSON.parse('{}')"].map((code) => isPlain(runInNewContext(code))),
  ).toEqual([true, true, true]);
  const others = [
    "[]",
    "new Date(0)",
    "new Map()",
    "new Uint8Array(1)",
    "(() => 1)",
    "Object.create({})",
    "new (class Own {})()",
    "Object.create(Object.create(null))",
    "new (class Own extends null { constructor() { return Object.create(Own.prototype); } })()",
  ];
  for (const code of others)
    expect({ code, isPlain: isPlain(runInNewContext(code)) }).toEqual({ code, isPlain: false });
  class Family {
    isPrototypeOf(): boolean {
      return true;
    }
  }
  expect([() => 1, Object.create(Object.create(null)), new Family(), undefined].some(isPlain)).toBe(false);
});

test("a date and bytes are known in whichever realm they were made, and no object passes for one", () => {
  const [date, bytes] = [runInNewContext("new Date(5)"), runInNewContext("new Uint8Array(2)")];
  expect([date, new Date(5), new (class Own extends Date {})(5)].map(timeOf)).toEqual([5, 5, 5]);
  expect([date, new Date(5)].map(isDate)).toEqual([true, true]);
  expect([bytes, Uint8Array.of(1), Buffer.from([1])].map(isBytes)).toEqual([true, true, true]);
  const no = [Object.create(Date.prototype), 5, "1970-01-01", null, {}, Object.create(Uint8Array.prototype)];
  expect(no.map(timeOf)).toEqual(no.map(() => undefined));
  expect([...no, new Date(5), Int8Array.of(1), new ArrayBuffer(1), [1]].some(isBytes)).toBe(false);
  expect([5, null, {}, Uint8Array.of(1)].some(isDate)).toBe(false);
  expect(timeOf(new Date(Number.NaN))).toBeNaN();
});

test("a page without Node knows dates and bytes too", async () => {
  onTestFinished(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });
  const samples = [
    new Date(5),
    runInNewContext("new Date(5)"),
    Uint8Array.of(1),
    runInNewContext("new Uint8Array(1)"),
  ];
  const others = [
    {},
    5,
    null,
    undefined,
    [1],
    "[object Date]",
    Int8Array.of(1),
    { [Symbol.toStringTag]: "Uint8Array" },
  ];
  for (const process of [undefined, {}]) {
    vi.resetModules();
    vi.stubGlobal("process", process);
    const page = await import("../src/value/value.ts");
    expect(page.isDate).not.toBe(isDate);
    expect(samples.map(page.isDate)).toEqual([true, true, false, false]);
    expect(samples.map(page.timeOf)).toEqual([5, 5, undefined, undefined]);
    expect(samples.map(page.isBytes)).toEqual([false, false, true, true]);
    expect(others.some((other) => page.isDate(other) || page.isBytes(other))).toBe(false);
    vi.unstubAllGlobals();
  }
});

test("each storage keeps the times of the years 1 to 9999, to the millisecond", () => {
  const [first, last] = [Date.parse("0001-01-01T00:00:00.000Z"), Date.parse("9999-12-31T23:59:59.999Z")];
  expect([first, last, 0].map(isStorableTime)).toEqual([true, true, true]);
  expect([first - 1, last + 1, Number.NaN].map(isStorableTime)).toEqual([false, false, false]);
});

test("a count is a whole number from 0 that is exact", () => {
  expect([0, 1, Number.MAX_SAFE_INTEGER].every(isCount)).toBe(true);
  expect(
    [-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, "1", 1n, null, undefined].some(isCount),
  ).toBe(false);
});

test("the own id of an element is its `id`, else its `_id`, and never an object or a list", () => {
  const money = new Money(1);
  const ids = [
    [{ id: 1, _id: 2 }, 1],
    [{ _id: 2 }, 2],
    [{ id: null, _id: 2 }, 2],
    [{ id: undefined, _id: 2 }, 2],
    [{ id: 0, _id: 2 }, 0],
    [{ id: "", _id: 2 }, ""],
    [{ id: money }, money],
    [{ id: { a: 1 } }, undefined],
    [{ id: [1] }, undefined],
    [{ _id: {} }, undefined],
    [{ a: 1 }, undefined],
    [[1], undefined],
    [new Weight(1), undefined],
    ["id", undefined],
    [null, undefined],
  ] as const;
  for (const [element, id] of ids) expect({ element, id: ownId(element) }).toEqual({ element, id });
});

test("ids of two kinds are told apart, and an element whose id is null has none", () => {
  const keys = [{ id: 1 }, { id: "1" }, { _id: true }, { id: new Money(5) }].map(ownIdKey);
  expect(keys).toEqual(["number 1", "string 1", "boolean true", "object m5"]);
  expect([{ id: null }, { _id: null }, {}, [], 1, { id: [] }].map(ownIdKey)).toEqual(
    Array(6).fill(undefined),
  );
});

test("a leaf equals only leaves of its own kind, whichever of the two is asked", () => {
  const unknown = new Map();
  const different: readonly (readonly [unknown, unknown])[] = [
    [new Date(1), Uint8Array.of(1)],
    [new Date(1), new Date(2)],
    [new Date(1), 1],
    [new Date(1), new Money(1)],
    [Uint8Array.of(1), new Money(1)],
    [Uint8Array.of(1), [1]],
    [Uint8Array.of(1, 2), Uint8Array.of(1, 3)],
    [Uint8Array.of(1), Uint8Array.of(1, 2)],
    [new Money(1), new Weight(1)],
    [new Money(1), new Money(2)],
    [new Money(1), { cents: 1 }],
    [new Money(1), null],
    [new Map(), new Map()],
    [[], []],
    [{}, {}],
    [0, -0],
    ["1", 1],
  ];
  for (const [a, b] of different)
    expect({ a, b, same: [sameLeaf(a, b, types), sameLeaf(b, a, types)] }).toEqual({
      a,
      b,
      same: [false, false],
    });
  const equal = [
    [Number.NaN, Number.NaN],
    [new Date(Number.NaN).getTime(), Number.NaN],
    [unknown, unknown],
  ];
  expect(equal.every(([a, b]) => sameLeaf(a, b, types))).toBe(true);
});

test("values of two types are two values, even where one type would take them for equal", () => {
  const easygoing = (tag: number, Kind: new () => object) => ({
    tag,
    name: Kind.name,
    is: (value: object) => value instanceof Kind,
    toBytes: () => Uint8Array.of(),
    fromBytes: () => new Kind(),
    equals: () => true,
  });
  class One {}
  class Other {}
  const both = valueTypes([easygoing(206, One), easygoing(207, Other)]);
  expect([sameLeaf(new One(), new Other(), both), sameLeaf(new One(), new Map(), both)]).toEqual([
    false,
    false,
  ]);
  expect(sameLeaf(new One(), new One(), both)).toBe(true);
});

test("a value type is not asked whether a plain object or a list equals its values", () => {
  const greedy = valueTypes([
    {
      tag: 205,
      name: "Anything",
      is: () => true,
      toBytes: () => Uint8Array.of(),
      fromBytes: () => new Set(),
      equals: () => true,
    },
  ]);
  for (const container of [{}, [], Object.create(null)]) {
    expect([sameLeaf(new Set(), container, greedy), sameLeaf(container, new Set(), greedy)]).toEqual([
      false,
      false,
    ]);
    expect([sameValue(new Set(), container, greedy), sameValue(container, new Set(), greedy)]).toEqual([
      false,
      false,
    ]);
  }
  expect(sameLeaf(new Set(), new Set(), greedy)).toBe(true);
});

test("an object equals one with the same fields of its own, whatever its prototype has", () => {
  expect(sameValue({ toString: undefined }, { a: undefined }, types)).toBe(false);
  expect(sameValue({ constructor: Object }, { a: 1 }, types)).toBe(false);
  expect(sameValue([1, 2], [1, 3], types)).toBe(false);
  expect(sameValue([], {}, types)).toBe(false);
  expect(sameValue({}, [], types)).toBe(false);
  expect(sameValue({}, null, types)).toBe(false);
  expect(isContainer(runInNewContext("[]"))).toBe(true);
});
