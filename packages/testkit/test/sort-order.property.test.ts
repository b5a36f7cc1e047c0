import { compareIds, compareValues, numberId, stringId } from "@everdraft/core/adapter";
import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { anyId, anyValue, nastyIds } from "../src/index.ts";
import { prove } from "./prove.ts";

// RUNS may ask for many more cases than the default
vi.setConfig({ testTimeout: 600_000 });

const kinds = [numberId, stringId];
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

test("texts as ids are ordered by their UTF-8 bytes", () => {
  const law = fc.property(anyId(), anyId(), (a, b) => {
    expect(Math.sign(compareIds(a, b, kinds))).toBe(byBytes(String(a), String(b)));
  });
  prove(law, 400);
  for (const a of nastyIds)
    for (const b of nastyIds) expect(Math.sign(compareIds(a, b, kinds))).toBe(byBytes(a, b));
});

test("texts as values are ordered by their UTF-8 bytes", () => {
  const text = fc.string({ unit: "binary", maxLength: 6 });
  const law = fc.property(text, text, (a, b) => {
    expect(Math.sign(compareValues(a, b))).toBe(byBytes(a, b));
  });
  prove(law, 400);
});

test("ids are ordered kind by kind, in the order of the kinds", () => {
  const law = fc.property(anyId({ numbers: true }), anyId({ numbers: true }), (a, b) => {
    const compared = Math.sign(compareIds(a, b, kinds));
    if (typeof a !== typeof b) expect(compared).toBe(typeof a === "number" ? -1 : 1);
    else if (typeof a === "number") expect(compared).toBe(Math.sign(a - Number(b)));
    expect(Math.sign(compareIds(b, a, kinds))).toBe(-compared || 0);
    expect(Math.sign(compareIds(a, b, [stringId, numberId]))).toBe(
      typeof a === typeof b ? compared : -compared,
    );
  });
  prove(law, 600);
});

describe("the order of values is one that sorts can rest on:", () => {
  test("it is the same read from either side", () => {
    const law = fc.property(anyValue(), anyValue(), (a, b) => {
      expect(Math.sign(compareValues(a, b))).toBe(-Math.sign(compareValues(b, a)) || 0);
      expect(compareValues(a, a)).toBe(0);
    });
    prove(law, 800);
  });

  test("it never goes in a circle", () => {
    const law = fc.property(anyValue(), anyValue(), anyValue(), (a, b, c) => {
      const [low, middle, high] = [a, b, c].toSorted(compareValues);
      expect(compareValues(low, middle)).toBeLessThanOrEqual(0);
      expect(compareValues(middle, high)).toBeLessThanOrEqual(0);
      expect(compareValues(low, high)).toBeLessThanOrEqual(0);
    });
    prove(law, 800);
  });
});

test("values of every kind have their place in the order", () => {
  const ascending: readonly unknown[] = [
    ...[null, Number.NaN, Number.NEGATIVE_INFINITY, -1, 0, 0.5, 1, Number.POSITIVE_INFINITY],
    ...[
      "",
      "A",
      "a",
      "\uffff",
      "\u{10000}",
      {},
      [],
      Uint8Array.of(9),
      Uint8Array.of(1, 1),
      Uint8Array.of(1, 2),
    ],
    ...[false, true, new Date(-1), new Date(0), new Date(1)],
  ];
  for (const [i, a] of ascending.entries()) {
    for (const [j, b] of ascending.entries()) expect(Math.sign(compareValues(a, b))).toBe(Math.sign(i - j));
  }
  expect(compareValues(undefined, null)).toBe(0);
});
