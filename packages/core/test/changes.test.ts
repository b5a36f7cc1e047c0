// What differs between two states, as people read it.
import { expect, test } from "vitest";
import type { Change } from "../src/changes/change.ts";
import { changesBetween } from "../src/changes/changes-between.ts";
import { normalise } from "../src/value/normalise.ts";
import { Money, oddTypes as types, Weight } from "./odd-types.ts";

type Path = Change["path"];
const added = (path: Path, after: unknown): Change => ({ kind: "added", path, after });
const removed = (path: Path, before: unknown): Change => ({ kind: "removed", path, before });
const changed = (path: Path, before: unknown, after: unknown): Change => ({
  kind: "changed",
  path,
  before,
  after,
});

const named = (name: Path, change: Change): Change => ({ ...change, named: name });
const moved = (path: Path, from: Path): Change => ({ kind: "moved", path, from });

function compare(before: unknown, after: unknown): Change[] {
  return changesBetween(
    before === undefined ? undefined : normalise(before, types),
    after === undefined ? undefined : normalise(after, types),
    types,
  );
}

const rows: readonly (readonly [what: string, before: unknown, after: unknown, changes: Change[]])[] = [
  ["no document and none", undefined, undefined, []],
  ["a document that was made", undefined, { a: 1 }, [added([], { a: 1 })]],
  ["a document that was taken away", { a: 1 }, undefined, [removed([], { a: 1 })]],
  ["what is equal", { a: 1, l: [1, { b: [new Date(1)] }] }, { l: [1, { b: [new Date(1)] }], a: 1 }, []],
  [
    "fields: first in the order of the earlier state, then those that are new",
    { a: 1, b: 2, c: 3, d: 4 },
    { y: 1, d: 5, c: 3, x: 2, a: 0 },
    [changed(["a"], 1, 0), removed(["b"], 2), changed(["d"], 4, 5), added(["y"], 1), added(["x"], 2)],
  ],
  [
    "fields inside",
    { o: { p: { a: 1, b: { c: 1 } } } },
    { o: { p: { a: 2, d: { e: 1 } } } },
    [
      ...[changed(["o", "p", "a"], 1, 2), removed(["o", "p", "b"], { c: 1 })],
      ...[added(["o", "p", "d"], { e: 1 })],
    ],
  ],
  [
    "keys that objects inherit",
    { constructor: 1 },
    { toString: 1 },
    [removed(["constructor"], 1), added(["toString"], 1)],
  ],
  [
    "values of another kind",
    { a: {}, b: [], c: null, d: 1, e: { 0: 1 }, f: [1] },
    { a: [], b: {}, c: {}, d: "1", e: [1], f: { 0: 1 } },
    [
      ...[changed(["a"], {}, []), changed(["b"], [], {}), changed(["c"], null, {}), changed(["d"], 1, "1")],
      ...[changed(["e"], { 0: 1 }, [1]), changed(["f"], [1], { 0: 1 })],
    ],
  ],
  [
    "dates, bytes and values of an adapter by their value",
    { d: new Date(1), b: Uint8Array.of(1), m: new Money(1), e: new Date(1), n: new Money(1) },
    { d: new Date(1), b: Uint8Array.of(1), m: new Money(1), e: new Date(2), n: new Weight(1) },
    [changed(["e"], new Date(1), new Date(2)), changed(["n"], new Money(1), new Weight(1))],
  ],
  ["an element that is new", { l: ["a", "b"] }, { l: ["a", "x", "b"] }, [added(["l", 1], "x")]],
  ["an element that is gone", { l: ["a", "b", "c"] }, { l: ["b", "c"] }, [removed(["l", 0], "a")]],
  [
    "an element that is another",
    { l: ["a", "b", "c"] },
    { l: ["a", "x", "c"] },
    [changed(["l", 1], "b", "x")],
  ],
  [
    "an element that moved",
    { l: ["a", "b", "c", "d"] },
    { l: ["d", "a", "b", "c"] },
    [moved(["l", 0], ["l", 3])],
  ],
  [
    "two that changed places",
    { l: [{ id: 1 }, { id: 2 }] },
    { l: [{ id: 2 }, { id: 1 }] },
    [named(["l", 2], moved(["l", 0], ["l", 1]))],
  ],
  [
    "an element that moved and changed, by its own id",
    { l: [{ _id: "x", n: 1 }, { _id: "y" }, { _id: "z" }] },
    { l: [{ _id: "y" }, { _id: "z" }, { _id: "x", n: 2 }] },
    [named(["l", "x"], moved(["l", 2], ["l", 0])), named(["l", "x", "n"], changed(["l", 2, "n"], 1, 2))],
  ],
  [
    "elements that are recognised by a key",
    {
      l: [
        { key: "a", n: 1 },
        { key: "b", n: 1 },
      ],
    },
    { l: [{ key: "b", n: 1 }] },
    [named(["l", "a"], removed(["l", 0], { key: "a", n: 1 }))],
  ],
  [
    "several that are gone, each by its place in the earlier state",
    { l: ["a", "b", "c", "d"] },
    { l: ["d", "e"] },
    [removed(["l", 0], "a"), removed(["l", 1], "b"), removed(["l", 2], "c"), added(["l", 1], "e")],
  ],
  [
    "a field of an element that stands elsewhere now, by its place in the later state",
    { l: [{ id: 1 }, { id: 2, v: { n: 1, gone: 0 } }] },
    { l: [{ id: 2, v: { n: 2, here: 1 } }] },
    [
      named(["l", 1], removed(["l", 0], { id: 1 })),
      named(["l", 2, "v", "n"], changed(["l", 0, "v", "n"], 1, 2)),
      named(["l", 2, "v", "gone"], removed(["l", 1, "v", "gone"], 0)),
      named(["l", 2, "v", "here"], added(["l", 0, "v", "here"], 1)),
    ],
  ],
  [
    "lists inside lists that stand elsewhere now",
    { l: ["gone", "kept", [{ id: 1, m: ["a", "b"] }]] },
    { l: ["kept", [{ id: 1, m: ["c", "a"] }]] },
    [
      removed(["l", 0], "gone"),
      named(["l", 2, 1, "m", 1], removed(["l", 2, 0, "m", 1], "b")),
      named(["l", 1, 1, "m", 0], added(["l", 1, 0, "m", 0], "c")),
    ],
  ],
  [
    "an element with another id: another element",
    { l: [{ id: 1, v: 1 }, { id: 2 }] },
    { l: [{ id: 3, v: 1 }, { id: 2 }] },
    [named(["l", 1], removed(["l", 0], { id: 1, v: 1 })), named(["l", 3], added(["l", 0], { id: 3, v: 1 }))],
  ],
  [
    "an element without an id that became another one at its place",
    { l: [{ v: 1 }, "kept", { w: 1 }] },
    { l: [{ v: 2 }, "kept", { w: 1, x: 1 }] },
    [changed(["l", 0, "v"], 1, 2), added(["l", 2, "x"], 1)],
  ],
  [
    "an element of another kind: another element",
    { l: [[1], 2] },
    { l: [{ 0: 1 }, 2] },
    [removed(["l", 0], [1]), added(["l", 0], { 0: 1 })],
  ],
  [
    "elements that equal others by their value",
    { l: [new Date(1), new Money(1), { v: 1 }, "end"] },
    { l: ["new", new Date(1), new Money(1), { v: 1 }] },
    [removed(["l", 3], "end"), added(["l", 0], "new")],
  ],
];

test.each(rows)("%s", (_, before, after, changes) => {
  expect(compare(before, after)).toStrictEqual(changes);
});

test("nobody can change a state by what is said of it, and what cannot be changed is shared", () => {
  const when = new Date(5);
  const all = (change: Change) => [
    ...("before" in change ? [change.before] : []),
    ...("after" in change ? [change.after] : []),
  ];
  const state = (n: number, rest: object) => normalise({ list: [{ n }], when, ...rest }, types);
  const pairs = [
    [undefined, state(1, {})],
    [state(1, {}), undefined],
    [state(1, { a: { when } }), state(1, { b: { when } })],
    [state(1, { l: [when, { id: 1, when }] }), state(1, { l: [{ id: 2, when }] })],
    [state(1, { l: [1, 2, { id: 1, when }] }), state(1, { l: [1, { id: 2, when }] })],
    [state(1, { c: { when } }), state(1, { c: [when] })],
  ] as const;
  for (const [before, after] of pairs) {
    const found = changesBetween(before, after, types).flatMap(all);
    const text = JSON.stringify(found);
    expect(text).toContain(when.toJSON());
    for (const value of found) for (const date of datesIn(value)) date.setTime(6);
    expect(JSON.stringify([before, after])).not.toContain(new Date(6).toJSON());
  }
  const kept = state(1, {});
  const [only] = changesBetween(normalise({ when }, types), kept, types).flatMap(all);
  expect(Object.is(only, kept.list)).toBe(true);
});

function datesIn(value: unknown): Date[] {
  if (value instanceof Date) return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(datesIn) : [];
}

test("what is one and the same in both states is not looked into", () => {
  const opaque = new Proxy({}, { ownKeys: () => expect.unreachable() });
  expect(changesBetween({ a: opaque, l: [opaque] }, { a: opaque, l: [opaque] }, types)).toEqual([]);
});
