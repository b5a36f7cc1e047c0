// The size and the hash of a sealed value are kept with it, so that a state costs the parts that are new in it.
import { expect, test } from "vitest";
import { contentHash } from "../src/value/content-hash.ts";
import { normalise, reconcile } from "../src/value/normalise.ts";
import { sizeOf } from "../src/value/size.ts";
import { type ValueTypes, valueTypes } from "../src/value/value-type.ts";

class Point {
  readonly x: number;
  constructor(x: number) {
    this.x = x;
  }
}

let asked = 0;
const types: ValueTypes = valueTypes([
  {
    tag: 202,
    name: "Point",
    is: (value) => value instanceof Point,
    toBytes: (value) => {
      asked++;
      return Uint8Array.of((value as Point).x);
    },
    fromBytes: ([x = 0]) => new Point(x),
    equals: (a, b) => (a as Point).x === (b as Point).x,
  },
]);

const measures = [
  ["size", sizeOf],
  ["hash", contentHash],
] as const;

/** How often leaves are read while a value is measured. */
function leavesRead(measure: (value: unknown, types: ValueTypes) => number, value: unknown): number {
  asked = 0;
  measure(value, types);
  return asked;
}

test.each(measures)(
  "the %s of a sealed value is worked out once, and of a next state the new parts alone",
  (_, measure) => {
    const first = normalise({ a: [new Point(1), new Point(2)], b: { p: new Point(3) } }, types);
    expect([leavesRead(measure, first), leavesRead(measure, first), leavesRead(measure, first.a)]).toEqual([
      3, 0, 0,
    ]);
    const next = reconcile(first, { a: [new Point(1), new Point(2)], b: { p: new Point(4) } }, types);
    expect(leavesRead(measure, next)).toBe(1);
    expect(measure(next, types)).toBe(measure(normalise(structuredAgain(4), types), types));
  },
);

test("size and hash are kept beside each other", () => {
  const value = normalise([new Point(1)], types);
  const [size, hash] = [sizeOf(value, types), contentHash(value, types)];
  expect([leavesRead(sizeOf, value), leavesRead(contentHash, value)]).toEqual([0, 0]);
  expect([sizeOf(value, types), contentHash(value, types)]).toEqual([size, hash]);
});

test.each(measures)("nothing is kept of the %s of a value that can still change", (_, measure) => {
  const open = [new Point(1)];
  expect([leavesRead(measure, open), leavesRead(measure, open)]).toEqual([1, 1]);
});

const structuredAgain = (p: number) => ({ a: [new Point(1), new Point(2)], b: { p: new Point(p) } });
