import type { EventType } from "@everdraft/core";
import type { PlainObject } from "@everdraft/core/adapter";
import { sameValue } from "@everdraft/core/internals";
import { plainTypes } from "../build/plain-types.ts";

/** A state of the model; undefined where the document is not there. */
type ModelState = Record<string, unknown> | undefined;

/** One version of a document as the model knows it. */
export interface ModelVersion {
  readonly at: number;
  readonly by: string;
  readonly type: EventType;
  readonly state: ModelState;
}

/** One step of a recipe: sets or drops a field, or changes the list `items`. */
export type Step =
  | { readonly step: "set"; readonly key: string; readonly value: unknown }
  | { readonly step: "drop"; readonly key: string }
  | { readonly step: "push" | "unshift"; readonly value: unknown }
  | { readonly step: "cut"; readonly from: number; readonly count: number }
  | { readonly step: "turn" };

/** An act on a document. `back` counts versions before the head. */
export type Act =
  | { readonly kind: "create"; readonly state: Record<string, unknown> }
  | { readonly kind: "replace"; readonly state: Record<string, unknown> }
  | { readonly kind: "edit"; readonly steps: readonly Step[] }
  | { readonly kind: "delete" }
  | { readonly kind: "restore" }
  | { readonly kind: "revert"; readonly back: number; readonly byDate: boolean };

/** The expected end of an act: an error's code, or the state that it leads to. */
export type Expected =
  | { readonly error: string }
  | { readonly type: EventType; readonly state: ModelState; readonly changed: boolean };

/** Changes a draft (or a plain copy) as a recipe made of steps does. */
export function runSteps(draft: Record<string, unknown>, steps: readonly Step[]): void {
  for (const one of steps) runStep(draft, one);
}

function runStep(draft: Record<string, unknown>, one: Step): void {
  if (one.step === "set") draft[one.key] = structuredClone(one.value);
  else if (one.step === "drop") delete draft[one.key];
  else {
    if (!Array.isArray(draft.items)) draft.items = [];
    const items = draft.items as unknown[];
    if (one.step === "cut") items.splice(one.from, one.count);
    else if (one.step === "turn") items.reverse();
    else items[one.step](structuredClone(one.value));
  }
}

/** The table of life and death, and the state that each act makes of the states before it. */
export function expectedOf(history: readonly ModelVersion[], act: Act): Expected {
  const state = history.at(-1)?.state;
  if (act.kind === "create") {
    return state === undefined ? leads(state, "created", act.state) : { error: "exists" };
  }
  if (history.length === 0) return { error: "not_found" };
  if (act.kind === "restore") {
    return state === undefined
      ? leads(state, "restored", lastLiving(history))
      : leads(state, "restored", state);
  }
  if (act.kind === "revert") {
    const wanted = history[revertVersion(history, act) - 1]?.state;
    return wanted === undefined ? { error: "absent" } : leads(state, "reverted", wanted);
  }
  if (state === undefined) return { error: "deleted" };
  if (act.kind === "delete") return leads(state, "deleted", undefined);
  if (act.kind === "replace") return leads(state, "edited", act.state);
  return leads(state, "edited", edited(state, act.steps));
}

function edited(state: Record<string, unknown>, steps: readonly Step[]): ModelState {
  const copy = structuredClone(state);
  runSteps(copy, steps);
  return copy;
}

/** The version that a revert goes back to; by a date it is the last one of that version's time. */
export function revertVersion(
  history: readonly ModelVersion[],
  act: { readonly back: number; readonly byDate: boolean },
): number {
  const version = Math.max(1, history.length - act.back);
  return act.byDate ? versionAt(history, history[version - 1]?.at ?? 0) : version;
}

/** How many versions there were at a time. */
export function versionAt(history: readonly ModelVersion[], time: number): number {
  return history.findLastIndex(({ at }) => at <= time) + 1;
}

function leads(before: ModelState, type: EventType, state: ModelState): Expected {
  const same = sameValue(before as PlainObject, state as PlainObject, plainTypes);
  return { type, state, changed: !same };
}

function lastLiving(history: readonly ModelVersion[]): ModelState {
  return history.findLast(({ state }) => state !== undefined)?.state;
}
