// The bytes of a state that are put together from those of the state before are those of the encoding.
import { encode } from "@everdraft/core/adapter";
import { applyPatches, normalise, runRecipe, splicedBytes } from "@everdraft/core/internals";
import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { anyRecipe, anyState, applyEdits, editNames, plainTypes } from "../src/index.ts";
import { originalOf } from "./immer-oracle.ts";
import { prove } from "./prove.ts";

// RUNS may ask for many more cases than the default
vi.setConfig({ testTimeout: 600_000 });

const none = new Uint8Array();

const aState = () => anyState().map((state) => normalise(state, plainTypes));

describe("the bytes after a change", () => {
  test("are those of the encoding, after any recipe and after one more on top of it", () => {
    const law = fc.property(
      aState(),
      fc.array(anyRecipe(editNames), { minLength: 1, maxLength: 3 }),
      (base, recipes) => {
        let value: unknown = base;
        let bytes = encode(base, plainTypes);
        for (const edits of recipes) {
          const recipe = (draft: Record<string, unknown>) => applyEdits(draft, edits, originalOf);
          const patches = runRecipe(value as typeof base, recipe, "a", plainTypes);
          const after = applyPatches(value, patches);
          const spliced = splicedBytes({ value, bytes }, after, plainTypes) ?? none;
          expect(Buffer.from(spliced)).toEqual(Buffer.from(encode(after, plainTypes)));
          [value, bytes] = [after, spliced];
        }
      },
    );
    prove(law, 500);
  });

  test("are those of the encoding, where the state after has nothing to do with the one before", () => {
    const law = fc.property(aState(), aState(), (before, after) => {
      const earlier = { value: before, bytes: encode(before, plainTypes) };
      const spliced = splicedBytes(earlier, after, plainTypes) ?? none;
      expect(Buffer.from(spliced)).toEqual(Buffer.from(encode(after, plainTypes)));
    });
    prove(law, 500);
  });
});
