// A state is a plain object without the library's own fields; all ways to check one agree.
import { describe, expect, test } from "vitest";
import { normaliseState, quickState, reconcileState } from "../src/model/state.ts";
import type { PlainObject } from "../src/value/value.ts";
import { Money, thrownBy, oddTypes as types, Weight } from "./odd-types.ts";

type Check = (state: unknown, id: string | number | object) => PlainObject | undefined;
const before = normaliseState({ n: 1, in: { deep: [1] } }, "d", types);
const ways: readonly (readonly [string, Check])[] = [
  ["normaliseState", (state, id) => normaliseState(state, id, types)],
  ["reconcileState without a state before", (state, id) => reconcileState(undefined, state, id, types)],
  ["reconcileState with a state before", (state, id) => reconcileState(before, state, id, types)],
  ["quickState", (state, id) => quickState(state, id, types)],
];

/** An id that is an object, with this text. */
const idOf = (text: string): object =>
  new (class Id {
    toString(): string {
      return text;
    }
  })();

describe.each(ways)("%s", (_, check) => {
  test("gives a sealed state with the same fields", () => {
    const state = { n: 1, in: { _id: 2, _everdraft: 3, $set: 4 }, list: [{ _everdraft: 1 }] };
    const found = check(state, "d");
    expect(found).toEqual(state);
    expect(found).not.toBe(state);
    expect(Object.isFrozen(found)).toBe(true);
    expect(check({}, "d")).toEqual({});
  });

  test("takes a top-level _id away that equals the document's id", () => {
    const same: readonly (readonly [unknown, string | number | object])[] = [
      ["d", "d"],
      ["", ""],
      [7, 7],
      [new Money(3), new Money(3)],
    ];
    for (const [_id, id] of same) {
      const found = check({ _id, n: 1 }, id);
      expect(found).toEqual({ n: 1 });
      expect(Object.isFrozen(found)).toBe(true);
    }
  });

  test("refuses a top-level _id that is another, also one whose text alone is the same", () => {
    const others: readonly (readonly [unknown, string | number | object])[] = [
      ["e", "d"],
      [7, "7"],
      ["7", 7],
      [new Money(3), new Money(4)],
      [new Money(3), "m3"],
      ["m3", new Money(3)],
      [null, idOf("null")],
      [true, idOf("true")],
      [false, idOf("false")],
    ];
    for (const [_id, id] of others)
      expect(thrownBy(() => check({ _id, n: 1 }, id))).toMatchObject({
        name: "ReservedFieldError",
        details: { id, field: "_id" },
      });
  });

  test("refuses a top-level _everdraft, whatever it holds", () => {
    for (const _everdraft of [null, 0, {}])
      expect(thrownBy(() => check({ _everdraft, n: 1 }, "d"))).toMatchObject({
        name: "ReservedFieldError",
        details: { id: "d", field: "_everdraft" },
      });
    expect(check({ _everdraft: undefined, _id: undefined, n: 1 }, "d")).toEqual({ n: 1 });
  });
});

const noStates: readonly unknown[] = [
  ...[undefined, null, 1, "text", true, [], [{}], new Date(0), Uint8Array.of(1), new Money(1), new Map()],
];

test.each(ways.slice(0, 3))("%s refuses a state that is no plain object, with a remedy", (_, check) => {
  for (const state of noStates)
    expect(thrownBy(() => check(state, "d"))).toMatchObject({
      name: "ValueError",
      details: {
        id: "d",
        path: [],
        reason: "a state is a plain object; put anything else into a field of one",
      },
    });
});

test("quickState has no answer about a value that is no plain object, or that holds one which it does not know", () => {
  for (const state of noStates) expect(quickState(state, "d", types)).toBeUndefined();
  expect(quickState({ n: new Map() }, "d", types)).toBeUndefined();
  expect(quickState({ w: new Weight(1) }, "d", types)).toEqual({ w: new Weight(1) });
});

test("a state that equals the one before is the one before, and equal parts are shared", () => {
  const state = { n: 1, in: { deep: [1] } };
  expect(reconcileState(before, state, "d", types)).toBe(before);
  expect(reconcileState(before, { ...state, n: 2 }, "d", types).in).toBe(before.in);
  expect(normaliseState(state, "d", types)).not.toBe(before);
});
