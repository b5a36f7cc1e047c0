import { Immer } from "immer";
import { AsyncRecipeError } from "../errors/async-recipe-error.ts";
import { EverdraftError } from "../errors/everdraft-error.ts";
import { KeptDraftError } from "../errors/kept-draft-error.ts";
import { MutatedValueError } from "../errors/mutated-value-error.ts";
import { RecipeResultError } from "../errors/recipe-result-error.ts";
import { RecipeThrewError } from "../errors/recipe-threw-error.ts";
import { ValueError } from "../errors/value-error.ts";
import { type DocumentId, showId } from "../model/document-id.ts";
import type { Patch } from "../model/patch.ts";
import { showPath } from "../model/path.ts";
import { changedLeaf, lend, seal } from "../model/seal.ts";
import { normaliseState } from "../model/state.ts";
import type { Draft } from "../model/state-types.ts";
import type { PlainObject } from "../model/value.ts";
import type { ValueTypes } from "../model/value-type.ts";
import { copyDraft } from "./copy-draft.ts";
import { diffStates } from "./diff.ts";

/**
 * Changes a draft of the current state in place. Synchronous, returns nothing (or the draft), and free of
 * effects outside: it runs again on a newer state when another writer was first.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a recipe that returns nothing is void to TypeScript
export type Recipe<T> = (draft: Draft<T>) => Draft<T> | void | undefined;

/** A recipe of whatever type its draft is. */
export type AnyRecipe = (draft: never) => unknown;

// Immer's own patch list is not asked for (it loses changes of a draft that is also put into a new object),
// nor its freezing (it would freeze what callers push in). So all that is used of it is the draft; the
// patches are a difference by reference.
const immer = new Immer({ autoFreeze: false });
const finished = Symbol("the recipe ran");

/** The patches that a recipe makes on a sealed state. Nothing that the recipe does can change that state. */
export function runRecipe(base: PlainObject, recipe: AnyRecipe, id: DocumentId, types: ValueTypes): Patch[] {
  const lent = seal(lend(base, types));
  try {
    const next = normaliseState(nextState(lent, recipe, id), id, types);
    return diffStates(lent, next, types, "reference");
  } finally {
    refuseMutations(base, lent, id, types);
  }
}

function nextState(lent: PlainObject, recipe: AnyRecipe, id: DocumentId): unknown {
  let next: unknown;
  try {
    immer.produce(lent, (draft: unknown) => {
      callRecipe(recipe, draft, id);
      next = snapshot(draft, id);
      // leaving by an exception ends all drafts without the finishing that produce would do
      throw finished;
    });
  } catch (error) {
    if (error !== finished) throw error;
  }
  return next;
}

/** Throws unless the recipe changes its draft and gives nothing else back. */
function callRecipe(recipe: AnyRecipe, draft: unknown, id: DocumentId): void {
  let result: unknown;
  let isAsync: boolean;
  try {
    result = recipe(draft as never);
    isAsync = isPromise(result);
  } catch (cause) {
    throw isRevoked(cause) ? keptDraft(id, cause) : threw(id, cause);
  }
  if (result === undefined || result === draft) return;
  if (isAsync) {
    const message = `The recipe for document ${showId(id)} is asynchronous. Await what it needs before calling edit.`;
    throw new AsyncRecipeError(message, { id });
  }
  const message = `The recipe for document ${showId(id)} returned a value. Change the draft and return nothing, or use replace.`;
  throw new RecipeResultError(message, { id });
}

/** Whether a result is a promise, which from now on is nobody's: what it does on a draft that has ended is not told. */
function isPromise(result: unknown): boolean {
  const then = typeof result === "object" && result !== null && "then" in result ? result.then : undefined;
  if (typeof then !== "function") return false;
  try {
    then.call(result, undefined, () => undefined);
  } catch {
    // it is refused whatever it does
  }
  return true;
}

/** The state that the draft stands for, as plain values, while its drafts still live. */
function snapshot(draft: unknown, id: DocumentId): unknown {
  try {
    return copyDraft(draft as object);
  } catch (cause) {
    if (isRevoked(cause)) throw keptDraft(id, cause);
    if (cause instanceof EverdraftError) throw cause;
    if (!(cause instanceof RangeError)) throw threw(id, cause);
    const reason = "it contains itself, or nests too deeply; refer to the outer one by an id";
    throw new ValueError(`Cannot store document ${showId(id)}: ${reason}.`, { path: [], reason }, { cause });
  }
}

function threw(id: DocumentId, cause: unknown): RecipeThrewError {
  const message = `The recipe for document ${showId(id)} threw; nothing was stored. What it threw is this error's cause.`;
  return new RecipeThrewError(message, { id }, { cause });
}

function isRevoked(error: unknown): boolean {
  return error instanceof TypeError && error.message.includes("proxy that has been revoked");
}

function keptDraft(id: DocumentId, cause: unknown): KeptDraftError {
  const message = `The recipe for document ${showId(id)} uses a draft of an earlier recipe. Keep ids or copies made by current(), never drafts.`;
  return new KeptDraftError(message, { id }, { cause });
}

function refuseMutations(base: PlainObject, lent: PlainObject, id: DocumentId, types: ValueTypes): void {
  const path = changedLeaf(base, lent, types);
  if (path === undefined) return;
  const message = `The recipe for document ${showId(id)} changed the value at ${showPath(path)} in place, which no draft can see. Assign a new value.`;
  throw new MutatedValueError(message, { id, path });
}
