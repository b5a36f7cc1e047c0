import { describe, expect, test } from "vitest";
import { difference } from "../build/exact.ts";
import { plainTypes } from "../build/plain-types.ts";
import type { StorageFixture } from "../fixture.ts";
import { onFreshStore } from "../store-sections/store-bench.ts";
import { type Doc, firstState, setScene } from "./scene.ts";
import { handIn, type Way, ways } from "./ways.ts";

interface Normalised {
  readonly title: string;
  readonly given: (id: string) => Doc;
  readonly kept: Doc;
}

const nullPrototype = (fields: Doc): Doc => Object.assign(Object.create(null), fields);
const shared = { text: "twice" };

/** Values that are no bad input: they are brought into one form, and then kept exactly. */
const normalised: readonly Normalised[] = [
  {
    title: "a field that is undefined is absent",
    given: () => ({ a: undefined, b: { c: undefined } }),
    kept: { b: {} },
  },
  {
    title: "an element that is undefined is null",
    given: () => ({ a: [1, undefined, 2] }),
    kept: { a: [1, null, 2] },
  },
  { title: "-0 is 0", given: () => ({ a: -0, b: [-0] }), kept: { a: 0, b: [0] } },
  {
    title: "a Buffer is a Uint8Array",
    given: () => ({ a: Buffer.from("abc") }),
    kept: { a: Uint8Array.of(97, 98, 99) },
  },
  {
    title: "a view into a larger buffer is its own bytes",
    given: () => ({ a: new Uint8Array(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2) }),
    kept: { a: Uint8Array.of(2, 3) },
  },
  {
    title: "an _id that is the document's own is left out",
    given: (id) => ({ _id: id, a: 1 }),
    kept: { a: 1 },
  },
  {
    title: "an object without prototype is plain",
    given: () => ({ a: nullPrototype({ b: 1 }) }),
    kept: { a: { b: 1 } },
  },
  {
    title: "an object in two places is two values",
    given: () => ({ a: shared, b: [shared] }),
    kept: { a: shared, b: [shared] },
  },
  {
    title: "the keys constructor and prototype are ordinary",
    given: () => ({
      constructor: { name: "x" },
      prototype: null,
      a: { constructor: 1, prototype: { toString: 2 } },
    }),
    kept: { constructor: { name: "x" }, prototype: null, a: { constructor: 1, prototype: { toString: 2 } } },
  },
  {
    title: "keys may hold dots",
    given: () => ({ "a.b": 1, c: { "10.1": 2, ".": 3 } }),
    kept: { "a.b": 1, c: { "10.1": 2, ".": 3 } },
  },
  {
    title: "a key may be empty",
    given: () => ({ "": 1, a: { "": { "": 2 } } }),
    kept: { "": 1, a: { "": { "": 2 } } },
  },
  {
    title: "keys may look like numbers",
    given: () => ({ 1: "a", "01": "b", a: { 0: 1, "-1": 2, 4294967295: 3 } }),
    kept: { 1: "a", "01": "b", a: { 0: 1, "-1": 2, 4294967295: 3 } },
  },
  {
    title: "keys may begin with $",
    given: () => ({ $schema: "s", $id: 1, $set: { b: 2 }, a: { $set: 1, $ref: { $id: 2 } } }),
    kept: { $schema: "s", $id: 1, $set: { b: 2 }, a: { $set: 1, $ref: { $id: 2 } } },
  },
  {
    title: "_id and _everdraft are free below the top",
    given: () => ({ a: { _id: 5, _everdraft: 6 } }),
    kept: { a: { _id: 5, _everdraft: 6 } },
  },
  {
    title: "NaN and the infinities are kept",
    given: () => ({ a: [Number.NaN, 1 / 0, -1 / 0] }),
    kept: { a: [Number.NaN, 1 / 0, -1 / 0] },
  },
  {
    title: "the first and the last date are kept",
    given: () => ({ a: new Date("0001-01-01T00:00:00.000Z"), b: new Date("9999-12-31T23:59:59.999Z") }),
    kept: { a: new Date("0001-01-01T00:00:00.000Z"), b: new Date("9999-12-31T23:59:59.999Z") },
  },
  { title: "objects may be 90 levels deep", given: () => nested(89), kept: nested(89) },
];

function nested(levels: number): Doc {
  let value: Doc = { a: "the innermost" };
  for (let level = 0; level < levels; level++) value = { a: value };
  return value;
}

/** Registers the tests of normalised values, through every call by which states come in. */
export function describeNormalised(fixture: StorageFixture): void {
  describe("what is brought into one form", () => {
    for (const row of normalised) {
      for (const way of ways) test(`${row.title}, through ${way}`, () => proveNormalised(fixture, row, way));
    }
  });
}

function proveNormalised(fixture: StorageFixture, { given, kept }: Normalised, way: Way): Promise<void> {
  return onFreshStore(fixture, async (bench) => {
    const scene = await setScene(bench);
    const id = way === "create" ? "new" : "d";
    const version = way === "create" ? 1 : 3;
    await handIn(scene, way, given(id));
    const expected = way === "edit" ? { ...firstState(), n: 2, ...kept } : kept;
    const cold = scene.cold();
    for (const state of [
      await cold.get(id),
      await scene.store.get(id),
      await cold.stateAt(id, { version }),
    ]) {
      expect(difference(state, expected, plainTypes)).toBeUndefined();
    }
    expect(await cold.verify(id)).toMatchObject({ ok: true, version });
  });
}
