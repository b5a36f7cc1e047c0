import { decode, encode } from "@everdraft/core/adapter";
import { applyPatches, digestOf, normalise, runRecipe, seal } from "@everdraft/core/internals";
import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import {
  anyRecipe,
  anyState,
  anyValue,
  applyEdits,
  difference,
  nastyValues,
  plainTypes,
} from "../src/index.ts";
import { originalOf } from "./immer-oracle.ts";
import { prove } from "./prove.ts";

// RUNS may ask for many more cases than the default
vi.setConfig({ testTimeout: 600_000 });

/** The same value with the keys of every object in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reordered(inner)]),
  );
}

test("decoding gives back exactly what was encoded", () => {
  const law = fc.property(anyValue(), (value) => {
    expect(difference(decode(encode(value, plainTypes), plainTypes), value, plainTypes)).toBeUndefined();
  });
  prove(law, 600);
});

test.each(nastyValues)("decoding gives back exactly: %s", (_, value) => {
  expect(difference(decode(encode(value, plainTypes), plainTypes), value, plainTypes)).toBeUndefined();
});

test("the encoding and the digest do not depend on the order of keys", () => {
  const law = fc.property(anyState(), (state) => {
    const other = reordered(state);
    expect(encode(other, plainTypes)).toEqual(encode(state, plainTypes));
    expect(digestOf(other, plainTypes)).toBe(digestOf(state, plainTypes));
  });
  prove(law, 400);
});

test("two values have one encoding, and one digest, exactly where they are equal", () => {
  const law = fc.property(anyValue(), anyValue(), (a, b) => {
    const equal = difference(a, b, plainTypes) === undefined;
    expect(Buffer.compare(encode(a, plainTypes), encode(b, plainTypes)) === 0).toBe(equal);
    expect(digestOf(a, plainTypes) === digestOf(b, plainTypes)).toBe(equal);
  });
  prove(law, 600);
});

test("cut bytes, and bytes with more behind them, are refused", () => {
  const law = fc.property(
    anyState(),
    fc.nat(),
    fc.uint8Array({ minLength: 1, maxLength: 3 }),
    (state, cut, more) => {
      const bytes = encode(state, plainTypes);
      expect(() => decode(bytes.subarray(0, cut % bytes.length), plainTypes)).toThrow(TypeError);
      expect(() => decode(Buffer.concat([bytes, more]), plainTypes)).toThrow(TypeError);
    },
  );
  prove(law, 400);
});

test("bytes of any kind are decoded or refused with TypeError", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 }).map((list) => Uint8Array.from(list)),
  );
  const law = fc.property(bytes, (some) => {
    try {
      decode(some, plainTypes);
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
    }
  });
  prove(law, 600);
});

test("the remembered digest of a state after many edits is the digest computed from scratch", () => {
  const law = fc.property(anyState(), fc.array(anyRecipe(), { maxLength: 5 }), (first, recipes) => {
    let state = normalise(first, plainTypes);
    digestOf(state, plainTypes);
    for (const edits of recipes) {
      const recipe = (draft: Record<string, unknown>): void => applyEdits(draft, edits, originalOf);
      const next = seal(applyPatches(state, runRecipe(state, recipe, "a", plainTypes)));
      state = next as typeof state;
      const fresh = decode(encode(state, plainTypes), plainTypes);
      expect(digestOf(state, plainTypes)).toBe(digestOf(fresh, plainTypes));
    }
  });
  prove(law, 150);
});
