// Law 1: the patches of a change, applied to the state before, are the state after; also when they come back
// from a storage.
import { decode, encode, type Patch } from "@everdraft/core/adapter";
import {
  applyPatches,
  diffStates,
  normalise,
  reconcile,
  runRecipe,
  sameValue,
} from "@everdraft/core/internals";
import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
  anyRecipe,
  anyState,
  applyEdits,
  difference,
  type Edit,
  type EditName,
  editNames,
  plainTypes,
} from "../src/index.ts";
import { appliedByImmer, immerTakes, originalOf, producedBy, replayedByImmer } from "./immer-oracle.ts";
import { prove } from "./prove.ts";

// RUNS may ask for many more cases than the default
vi.setConfig({ testTimeout: 600_000 });

const families: Readonly<Record<string, readonly EditName[]>> = {
  "sets and removals": ["set", "remove", "undo", "removeAndSet"],
  "edits of lists": [
    "set",
    "push",
    "pushTwo",
    "pop",
    "shift",
    "unshift",
    "splice",
    "setIndex",
    "truncate",
    "editElement",
  ],
  "orders of lists": ["set", "sort", "reverse", "swapIndexes", "moveIndex", "splice", "editElement"],
  "new containers in place of old ones": ["set", "filter", "map", "concat", "spread", "assign"],
  moves: ["set", "move", "swap", "moveIndex"],
  "drafts at a second place": ["set", "alias", "setIndex", "editElement"],
  "base values put back or elsewhere": ["set", "writeBack", "originalElsewhere", "push"],
  "drafts inside new containers": ["set", "wrapInObject", "wrapInList", "wrapSpread", "editElement"],
  "all of them together": editNames,
};

function recipeOf(edits: readonly Edit[]) {
  return (draft: Record<string, unknown>): void => applyEdits(draft, edits, originalOf);
}

function backFromStorage(patches: readonly Patch[]): readonly Patch[] {
  return decode(encode(patches, plainTypes), plainTypes) as readonly Patch[];
}

const stateAndRecipe = (kinds: readonly EditName[]) => {
  return [anyState().map((state) => normalise(state, plainTypes)), anyRecipe(kinds)] as const;
};

describe.each(Object.entries(families))("the patches of a recipe with %s", (_, kinds) => {
  test("lead from the base to the state that the recipe produced, now and after storing", () => {
    const law = fc.property(...stateAndRecipe(kinds), (base, edits) => {
      const wanted = producedBy(edits, base);
      const patches = runRecipe(base, recipeOf(edits), "a", plainTypes);
      expect(difference(applyPatches(base, patches), wanted, plainTypes)).toBeUndefined();
      expect(difference(applyPatches(base, backFromStorage(patches)), wanted, plainTypes)).toBeUndefined();
    });
    prove(law, 150);
  });

  test("mean the same to Immer's own apply", () => {
    const law = fc.property(...stateAndRecipe(kinds), (base, edits) => {
      const patches = runRecipe(base, recipeOf(edits), "a", plainTypes);
      fc.pre(immerTakes(patches));
      const found = appliedByImmer(base, backFromStorage(patches));
      expect(difference(found, applyPatches(base, patches), plainTypes)).toBeUndefined();
    });
    prove(law, 80);
  });
});

test("the random recipes are strong enough to find the changes that Immer's own patches lose", () => {
  const samples = fc.sample(fc.tuple(...stateAndRecipe(families["drafts inside new containers"] ?? [])), {
    seed: 1,
    numRuns: 500,
  });
  const lost = samples.filter(([base, edits]) => {
    const replayed = replayedByImmer(edits, base);
    return replayed !== undefined && difference(replayed, producedBy(edits, base), plainTypes) !== undefined;
  });
  expect(lost.length).toBeGreaterThan(10);
});

test("a recipe and the replay of its patches change neither the base nor the patches", () => {
  const law = fc.property(...stateAndRecipe(editNames), (base, edits) => {
    const before = encode(base, plainTypes);
    const patches = runRecipe(base, recipeOf(edits), "a", plainTypes);
    const stored = encode(patches, plainTypes);
    const once = applyPatches(base, patches);
    applyPatches(
      once,
      runRecipe(
        normalise(once, plainTypes) as object as Record<string, unknown>,
        recipeOf(edits),
        "a",
        plainTypes,
      ),
    );
    expect(encode(base, plainTypes)).toEqual(before);
    expect(encode(patches, plainTypes)).toEqual(stored);
  });
  prove(law, 150);
});

describe("the difference by content of two states that share nothing", () => {
  const twoStates = () => [anyState(), anyState()] as const;
  const nearby = () => {
    const pair = fc.tuple(...stateAndRecipe(editNames));
    return pair.map(
      ([base, edits]) => [base, decode(encode(producedBy(edits, base), plainTypes), plainTypes)] as const,
    );
  };

  test("leads exactly from one to the other, now and after storing", () => {
    const law = fc.property(...twoStates(), expectDiffApplies);
    prove(law, 400);
  });

  test("leads exactly from a state to an edited copy of it", () => {
    const law = fc.property(nearby(), ([base, copy]) => expectDiffApplies(base, copy));
    prove(law, 400);
  });

  test("is empty exactly where they are equal", () => {
    const law = fc.property(fc.oneof(fc.tuple(...twoStates()), nearby()), ([a, b]) => {
      const [before, after] = [normalise(a, plainTypes), normalise(b, plainTypes)];
      const patches = diffStates(before, after, plainTypes, "content");
      expect(patches.length === 0).toBe(sameValue(before, after, plainTypes));
      const copy = normalise(decode(encode(before, plainTypes), plainTypes), plainTypes);
      expect(diffStates(before, copy, plainTypes, "content")).toEqual([]);
    });
    prove(law, 400);
  });

  test("is the same where the later one takes all equal parts from the earlier one, and is equal to what it was", () => {
    const law = fc.property(fc.oneof(fc.tuple(...twoStates()), nearby()), ([a, b]) => {
      const before = normalise(a, plainTypes);
      const [after, sharing] = [normalise(b, plainTypes), reconcile(before, b, plainTypes)];
      expect(difference(sharing, after, plainTypes)).toBeUndefined();
      expect(unshared(before, sharing)).toEqual([]);
      const patches = diffStates(before, sharing, plainTypes, "content");
      expect(encode(patches, plainTypes)).toEqual(
        encode(diffStates(before, after, plainTypes, "content"), plainTypes),
      );
      expect(difference(applyPatches(before, patches), after, plainTypes)).toBeUndefined();
    });
    prove(law, 400);
  });

  /** The containers that are equal at the same place in both, and are not one. */
  function unshared(before: unknown, after: unknown): unknown[] {
    if (before === after || before === null || after === null) return [];
    if (typeof before !== "object" || typeof after !== "object") return [];
    const isContainer = Array.isArray(after) || Object.getPrototypeOf(after) === Object.prototype;
    if (!isContainer) return [];
    if (sameValue(before, after, plainTypes)) return [after];
    if (Array.isArray(after)) return [];
    const keys = Object.keys(after).filter((key) => Object.hasOwn(before, key));
    return keys.flatMap((key) => unshared(Reflect.get(before, key), Reflect.get(after, key)));
  }

  function expectDiffApplies(a: unknown, b: unknown): void {
    const [before, after] = [normalise(a, plainTypes), normalise(b, plainTypes)];
    for (const by of ["content", "reference"] as const) {
      const patches = diffStates(before, after, plainTypes, by);
      expect(difference(applyPatches(before, patches), after, plainTypes)).toBeUndefined();
      expect(difference(applyPatches(before, backFromStorage(patches)), after, plainTypes)).toBeUndefined();
    }
  }
});
