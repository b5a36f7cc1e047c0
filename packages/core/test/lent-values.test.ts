// Values that are lent: which of them are frozen, which leaves are copies, and which leaf its borrower changed.
import { expect, test } from "vitest";
import { normalise } from "../src/value/normalise.ts";
import {
  changedLeaf,
  factsOf,
  freezeUnchanging,
  isSealed,
  lend,
  lendSealed,
  seal,
  sealedHeight,
} from "../src/value/seal.ts";
import { Money, oddTypes as types } from "./odd-types.ts";

test("a value whose leaves cannot be changed is frozen to its depth, and not remembered as sealed", () => {
  const value = { n: 1, none: null, list: ["a", { deep: [true] }] };
  expect(freezeUnchanging(value)).toBe(true);
  for (const container of [value, value.list, value.list[1], Object(value.list[1]).deep]) {
    expect(Object.isFrozen(container)).toBe(true);
    expect(isSealed(container)).toBe(false);
  }
  expect([freezeUnchanging([]), freezeUnchanging({})]).toEqual([true, true]);
});

test("a value with a leaf that can be changed in place is not taken as frozen, however deep the leaf is", () => {
  for (const leaf of [new Date(1), Uint8Array.of(1), new Money(1)])
    for (const value of [{ leaf }, [leaf], { a: [{ leaf }] }, [1, [null, leaf]]]) {
      expect(freezeUnchanging(value)).toBe(false);
      expect(Object.isFrozen(value)).toBe(false);
      expect(freezeUnchanging(normalise(value, types))).toBe(false);
      expect(freezeUnchanging([normalise(value, types)])).toBe(false);
    }
  expect(freezeUnchanging(normalise({ a: [1, { b: null }] }, types))).toBe(true);
  expect(freezeUnchanging({ a: normalise([1, { b: null }], types) })).toBe(true);
});

test("a lent leaf that was changed in place is found by its path", () => {
  const kept = normalise(
    { n: 1, when: new Date(1), list: [{ bytes: Uint8Array.of(1) }, new Money(1)] },
    types,
  );
  type Kept = typeof kept;
  const changes: readonly (readonly [(lent: Kept) => unknown, readonly (string | number)[] | undefined])[] = [
    [() => undefined, undefined],
    [({ when }) => when.setTime(1), undefined],
    [({ when }) => when.setTime(2), ["when"]],
    [({ list }) => Object(list[0]).bytes.fill(2), ["list", 0, "bytes"]],
    [({ list }) => Object.assign(list[1] as Money, { cents: 2 }), ["list", 1]],
  ];
  for (const [change, path] of changes)
    for (const lent of [lend(kept, types), lendSealed(kept, types)]) {
      change(lent);
      expect(changedLeaf(kept, lent, types)).toEqual(path);
      expect(changedLeaf([kept], [lent], types)).toEqual(path && [0, ...path]);
    }
  expect(kept).toEqual({ n: 1, when: new Date(1), list: [{ bytes: Uint8Array.of(1) }, new Money(1)] });
  expect(changedLeaf(new Date(1), new Date(2), types)).toEqual([]);
  expect(changedLeaf(1, 1, types)).toBeUndefined();
});

test("a borrowed value shares its parts without such leaves, also where a sealed list holds none", () => {
  const kept = normalise({ list: [1, [2]], in: { dates: [new Date(1)], plain: [{ n: 1 }] } }, types);
  for (const lent of [lend(kept, types), lendSealed(kept, types)]) {
    expect(lent).toEqual(kept);
    expect([lent.list === kept.list, lent.in.plain === kept.in.plain]).toEqual([true, true]);
    expect([lent === kept, lent.in === kept.in, lent.in.dates === kept.in.dates]).toEqual([
      false,
      false,
      false,
    ]);
    expect(lent.in.dates[0]).not.toBe(kept.in.dates[0]);
  }
  for (const leaf of [null, 1, "a", undefined]) expect(lend(leaf, types)).toBe(leaf);
  const when = new Date(1);
  expect(lend(when, types)).toEqual(when);
  expect(lend(when, types)).not.toBe(when);
});

test("a value that was never sealed is copied whole where it is lent, and the given one stays open", () => {
  const open = { list: [{ n: 1 }] };
  const lent = lend(open, types);
  expect(lent).toEqual(open);
  expect([lent === open, lent.list === open.list, lent.list[0] === open.list[0]]).toEqual([
    false,
    false,
    false,
  ]);
  expect([Object.isFrozen(open), Object.isFrozen(open.list), Object.isFrozen(lent.list)]).toEqual([
    false,
    false,
    true,
  ]);
});

test("a sealed value knows how deep it nests, and whether a leaf in it can be changed in place", () => {
  const shapes: readonly (readonly [value: object, height: number, holdsSuchLeaf: boolean])[] = [
    [{}, 1, false],
    [[null, "a"], 1, false],
    [[new Date(1)], 1, true],
    [[[1], [[2]], [3]], 3, false],
    [{ a: [new Date(1)], b: [[[]]] }, 4, true],
    [{ a: [[[]]], b: [new Date(1)] }, 4, true],
    [{ b: new Date(1), a: [[[]]] }, 4, true],
    [{ a: [[[]]], b: new Money(1) }, 4, true],
  ];
  for (const [shape, height, holdsSuchLeaf] of shapes)
    for (const value of [normalise(shape, types), seal(structuredCloneWithin(shape))]) {
      expect({ shape, height: sealedHeight(value) }).toEqual({ shape, height });
      expect({ shape, shared: lend(value, types) === value }).toEqual({ shape, shared: !holdsSuchLeaf });
    }
  expect([sealedHeight({}), factsOf({})]).toEqual([0, undefined]);
});

/** A copy in containers of its own. */
function structuredCloneWithin<V>(value: V): V {
  if (Array.isArray(value)) return value.map(structuredCloneWithin) as V;
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, structuredCloneWithin(inner)]),
  ) as V;
}
