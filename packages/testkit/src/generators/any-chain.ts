import type { Patch, PlainObject, StoredEvent } from "@everdraft/core/adapter";
import { applyPatches, normalise, runRecipe, seal } from "@everdraft/core/internals";
import * as fc from "fast-check";
import type { Chain } from "../build/chain-of.ts";
import { eventOf } from "../build/event-of.ts";
import { plainTypes } from "../build/plain-types.ts";
import { viewAfter } from "../build/view-of.ts";
import { anyRecipe, applyEdits, type OriginalOf } from "./any-recipe.ts";
import { anyState } from "./any-value.ts";
import type { Edit } from "./edit.ts";
import { isObject } from "./places.ts";

type Step = { readonly edits: readonly Edit[] } | { readonly state: PlainObject } | "delete";

/**
 * A random, well-formed history of a document: made, edited by random recipes, given a new state, deleted and
 * made anew. The patches of edits are those of the library's own recipes, so they have every form that a
 * stored event has.
 */
export function anyChain(doc: string, maxLength = 8, originalOf?: OriginalOf): fc.Arbitrary<Chain> {
  const step = fc.oneof(
    { weight: 6, arbitrary: anyRecipe().map((edits): Step => ({ edits })) },
    { weight: 1, arbitrary: anyState().map((state): Step => ({ state })) },
    { weight: 1, arbitrary: fc.constant<Step>("delete") },
  );
  return fc.array(step, { minLength: 1, maxLength }).map((steps) => chainBy(doc, steps, originalOf));
}

function chainBy(doc: string, steps: readonly Step[], originalOf?: OriginalOf): Chain {
  const events: StoredEvent[] = [];
  const views: Chain["views"][number][] = [];
  let state: PlainObject | undefined;
  for (const step of steps) {
    const patches = patchesOf(step, state, doc, originalOf);
    const after = seal(applyPatches(state, patches));
    state = isObject(after) ? after : undefined;
    const event = eventOf({
      doc,
      version: events.length + 1,
      patches,
      previous: events.at(-1)?.hash ?? null,
    });
    events.push(event);
    views.push(viewAfter(event, state));
  }
  return { events, views };
}

function patchesOf(
  step: Step,
  state: PlainObject | undefined,
  doc: string,
  originalOf?: OriginalOf,
): Patch[] {
  if (step === "delete") return state === undefined ? [] : [{ op: "remove", path: [] }];
  if ("state" in step) return [{ op: "replace", path: [], value: normalise(step.state, plainTypes) }];
  if (state === undefined) return [{ op: "replace", path: [], value: {} }];
  return runRecipe(
    state,
    (draft: Record<string, unknown>) => applyEdits(draft, step.edits, originalOf),
    doc,
    plainTypes,
  );
}
