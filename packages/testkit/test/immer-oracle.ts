import type { Patch, PlainObject } from "@everdraft/core/adapter";
import { normalise } from "@everdraft/core/internals";
import { enablePatches, Immer, type Patch as ImmerPatch, isDraft, original } from "immer";
import { applyEdits, type Edit, type OriginalOf, plainTypes } from "../src/index.ts";

enablePatches();
// with freezing, unlike the library's own: that way of finishing is the one without known defects in the
// state
const immer = new Immer({ autoFreeze: true });

/** Immer's `original`, for recipes. */
export const originalOf: OriginalOf = (draft) => (isDraft(draft) ? original(draft) : undefined);

/** The state that edits make, by Immer's produce alone: none of the library's patch code is in it. */
export function producedBy(edits: readonly Edit[], base: PlainObject): PlainObject {
  const produced = immer.produce(base, (draft: Record<string, unknown>) =>
    applyEdits(draft, edits, originalOf),
  );
  return normalise(produced, plainTypes);
}

/** The state that Immer's own apply makes of patches. */
export function appliedByImmer(base: PlainObject, patches: readonly Patch[]): unknown {
  const copies = patches.map((patch): ImmerPatch => ({ ...patch, path: [...patch.path] }));
  return immer.applyPatches(base, copies);
}

/**
 * Whether Immer's apply can take these patches: it ignores a deletion, and refuses paths through certain
 * keys.
 */
export function immerTakes(patches: readonly Patch[]): boolean {
  return patches.every(({ op, path }) => {
    if (path.length === 0) return op === "replace";
    return !path.slice(0, -1).includes("constructor") && !path.includes("__proto__");
  });
}

/** The state to which Immer's own patches of these edits lead; undefined where it cannot replay them at all. */
export function replayedByImmer(edits: readonly Edit[], base: PlainObject): unknown {
  const recipe = (draft: Record<string, unknown>): void => applyEdits(draft, edits, originalOf);
  const [, patches] = immer.produceWithPatches(base, recipe);
  if (patches.some(({ path }) => path.slice(0, -1).includes("constructor"))) return undefined;
  return normalise(immer.applyPatches(base, patches), plainTypes);
}
