// The order of values, kind by kind, the values by which a state is sorted, and the order of ids.
import { describe, expect, test } from "vitest";
import { type IdKind, numberId, stringId } from "../src/model/document-id.ts";
import {
  compareIds,
  compareValues,
  emptyList,
  plainOrder,
  rankOf,
  ranks,
  sortValue,
} from "../src/model/sort-order.ts";
import { Money, Weight } from "./odd-types.ts";

const kinds: Readonly<Record<keyof typeof ranks, readonly unknown[]>> = {
  empty: [emptyList],
  null: [null, undefined],
  number: [Number.NaN, Number.NEGATIVE_INFINITY, -1, 0, 1, Number.POSITIVE_INFINITY],
  string: ["", "a", "b", "\u{1f600}"],
  object: [{}, { a: 1 }, Object.create(null)],
  array: [[], [1], [[]]],
  bytes: [Uint8Array.of(), Uint8Array.of(1), Buffer.of(2)],
  other: [new Money(1), new Money(2)],
  boolean: [false, true],
  date: [new Date(-1), new Date(0), new Date(1)],
};
const names = Object.keys(kinds) as (keyof typeof ranks)[];

describe("of two values of different kinds", () => {
  test("the one of the lower rank comes first, whichever values they are", () => {
    for (const [i, one] of names.entries())
      for (const [j, other] of names.entries())
        for (const a of kinds[one])
          for (const b of kinds[other]) {
            if (i !== j)
              expect({ one, other, sign: Math.sign(compareValues(a, b)) }).toEqual({
                one,
                other,
                sign: Math.sign(i - j),
              });
            expect({ one, other, same: plainOrder.sameKind(a, b) }).toEqual({ one, other, same: i === j });
          }
  });

  test("the rank says the kind", () => {
    for (const name of names) for (const value of kinds[name]) expect(rankOf(value)).toBe(ranks[name]);
  });
});

describe("of two values of one kind", () => {
  const ordered = ["number", "string", "bytes", "other", "boolean", "date"] as const;
  test.each(ordered)("the lesser one comes first: %s", (name) => {
    for (const [i, a] of kinds[name].entries())
      for (const [j, b] of kinds[name].entries())
        expect({ i, j, sign: Math.sign(compareValues(a, b)) }).toEqual({ i, j, sign: Math.sign(i - j) });
  });

  const equal = ["empty", "null", "object", "array"] as const;
  test.each(equal)("none comes first where the kind has no order: %s", (name) => {
    for (const a of kinds[name]) for (const b of kinds[name]) expect(compareValues(a, b)).toBe(0);
  });

  test("bytes go by their length first, and then byte by byte", () => {
    const inOrder = [[], [255], [0, 1], [0, 2], [1, 0], [0, 0, 0]].map((bytes) => Uint8Array.from(bytes));
    expect(inOrder.toReversed().toSorted(compareValues)).toEqual(inOrder);
  });

  test("those of an adapter go by their texts", () => {
    const inOrder = [new Money(10), new Money(9), new Money(91)];
    expect(inOrder.toReversed().toSorted(compareValues)).toEqual(inOrder);
    expect(compareValues(new Money(1), new Money(1))).toBe(0);
    expect(compareValues(new Money(1), new Weight(1))).toBeGreaterThan(0);
  });
});

describe("the value by which a state is sorted", () => {
  const by = (state: unknown, path: string): readonly unknown[] => [
    sortValue(state, path, 1),
    sortValue(state, path, -1),
  ];

  test("is that of the field, or undefined where there is none of its own", () => {
    expect(by({ a: { b: "x" } }, "a.b")).toEqual(["x", "x"]);
    expect(by({ a: { b: null } }, "a.b")).toEqual([null, null]);
    const list = Object.assign([1], { b: 2 });
    for (const [state, path] of [
      [{ a: 1 }, "b"],
      [{ a: 1 }, "a.b"],
      [{ a: "text" }, "a.length"],
      [{ a: "text" }, "a.0"],
      [{ a: new Date(0) }, "a.b"],
      [{ a: new Money(1) }, "a.cents"],
      [{ a: Uint8Array.of(1) }, "a.0"],
      [{ a: null }, "a.b"],
      [{ a: {} }, "a.constructor"],
      [{ a: {} }, "toString"],
      [{ a: list }, "a.b"],
      [{ a: list }, "a.length"],
      [{ a: [] }, "a.0"],
      [{ a: [] }, "a.b"],
      [5, "a"],
      [null, "a"],
    ] as const)
      expect([path, ...by(state, path)]).toEqual([path, undefined, undefined]);
  });

  test("is the least element of a list upwards, and the greatest downwards, of whatever kinds", () => {
    expect(by({ a: [2, 3, 1] }, "a")).toEqual([1, 3]);
    expect(by({ a: ["x", null, 5] }, "a")).toEqual([null, "x"]);
    expect(by({ a: [7] }, "a")).toEqual([7, 7]);
    expect(by({ a: [[9], 3] }, "a")).toEqual([3, [9]]);
    expect(by({ a: [{ b: 2 }, { b: [5, 1] }, { c: 0 }, 3, [{ b: 9 }]] }, "a.b")).toEqual([1, 5]);
    expect(by({ a: [{ b: [{ c: 4 }, { c: 6 }] }, { b: { c: 5 } }] }, "a.b.c")).toEqual([4, 6]);
  });

  test("is below null where the list is empty, and not where a list in a list is", () => {
    expect(by({ a: [] }, "a")).toEqual([emptyList, emptyList]);
    expect(by({ a: [{ b: [] }, { b: null }] }, "a.b")).toEqual([emptyList, null]);
    expect(by({ a: [[]] }, "a")).toEqual([[], []]);
    expect(by({ a: [[]] }, "a.0")).toEqual([emptyList, emptyList]);
  });

  test("is that of an element by its index, and of the fields of elements by the same text", () => {
    const many = Array.from({ length: 12 }, (_, i) => i);
    expect(["0", "9", "10", "11"].map((step) => by({ a: many }, `a.${step}`)[0])).toEqual([0, 9, 10, 11]);
    for (const step of ["12", "-1", "1x", "x1", "1.5", " 1", "1e1", ""])
      expect([step, ...by({ a: many }, `a.${step}`)]).toEqual([step, undefined, undefined]);
    expect(by({ a: { "1": 5 } }, "a.1")).toEqual([5, 5]);
    expect(by({ a: [{ "1": 8 }, { "1": 6 }] }, "a.0.1")).toEqual([8, 8]);
    expect(by({ a: [{ "1": 8 }, 3] }, "a.1")).toEqual([3, 8]);
  });

  test("follows the order that a storage has", () => {
    const byLength = {
      compare: (a: unknown, b: unknown) => String(a).length - String(b).length,
      sameKind: () => true,
    };
    const state = { a: ["bb", "a", "ccc"] };
    expect([sortValue(state, "a", 1, byLength), sortValue(state, "a", -1, byLength)]).toEqual(["a", "ccc"]);
    // of those that are equal the first
    const equal = { a: ["x", "y", "z"] };
    expect([sortValue(equal, "a", 1, byLength), sortValue(equal, "a", -1, byLength)]).toEqual(["x", "x"]);
  });
});

describe("ids", () => {
  const money: IdKind = { name: "Money", is: (value) => value instanceof Money };

  test("go by the order in which the storage names their kinds", () => {
    const samples = [5, "5", new Money(5)] as const;
    const orders = [
      [numberId, stringId, money],
      [money, stringId, numberId],
      [stringId, money, numberId],
    ];
    for (const order of orders) {
      const place = (id: unknown): number => order.findIndex((kind) => kind.is(id));
      for (const a of samples)
        for (const b of samples)
          expect(Math.sign(compareIds(a, b, order))).toBe(Math.sign(place(a) - place(b)));
    }
  });

  test("that are numbers go by their size, texts by their bytes, and objects by their texts", () => {
    const all = [numberId, stringId, money];
    const inOrder = [
      ...[-20, -1, 0, 3, 20],
      ...["", "10", "9", "a", "\uffff", "\u{1f600}"],
      ...[new Money(10), new Money(100), new Money(9)],
    ];
    for (const [i, a] of inOrder.entries())
      for (const [j, b] of inOrder.entries())
        expect({ i, j, sign: Math.sign(compareIds(a, b, all)) }).toEqual({ i, j, sign: Math.sign(i - j) });
    expect(compareIds(new Money(4), new Money(4), all)).toBe(0);
  });
});
