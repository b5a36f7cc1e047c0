import * as fc from "fast-check";
import { anyKey, anyValue } from "./any-value.ts";
import type { Edit, EditName } from "./edit.ts";
import { editNames, runEdit } from "./edits.ts";
import { type Container, places } from "./places.ts";

/** How a base value is had from its draft, as Immer's `original` gives it; undefined for a value that is no draft. */
export type OriginalOf = (draft: object) => unknown;

/**
 * Random edits of every kind that people make in recipes, moves and aliases of drafts among them, as a list
 * that fast-check can print and shrink. `applyEdits` runs them on a draft. `kinds` narrows them.
 */
export function anyRecipe(kinds: readonly EditName[] = editNames): fc.Arbitrary<readonly Edit[]> {
  const number = fc.nat({ max: 11 });
  const edit = fc.record(
    {
      op: fc.constantFrom(...kinds),
      at: number,
      other: number,
      key: anyKey(),
      i: number,
      j: number,
      value: anyValue(),
    },
    { noNullPrototype: true },
  );
  return fc.array(edit, { minLength: 1, maxLength: 6 });
}

/**
 * Runs edits on a draft (or on any mutable state). Which place an edit means depends on the state alone, so on equal states they
 * do the same. An edit that is impossible at its place (a push into an object, a move into itself) is skipped. Edits that need a
 * draft's base do nothing without `originalOf`.
 */
export function applyEdits(
  draft: Container,
  edits: readonly Edit[],
  originalOf: OriginalOf = () => undefined,
): void {
  for (const edit of edits) {
    const all = places(draft);
    const [at, other] = [all[edit.at % all.length], all[edit.other % all.length]];
    if (at === undefined || other === undefined || Object.isFrozen(at.container)) continue;
    // a copy, so that two runs of the same edits share nothing
    runEdit({ ...edit, value: structuredClone(edit.value) }, at, other, originalOf);
  }
}
