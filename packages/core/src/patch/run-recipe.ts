import { types as nodeTypes } from "node:util";
import { current, Immer, original } from "immer";
import { AsyncRecipeError } from "../errors/async-recipe-error.ts";
import { EverdraftError } from "../errors/everdraft-error.ts";
import { KeptDraftError } from "../errors/kept-draft-error.ts";
import { MutatedValueError } from "../errors/mutated-value-error.ts";
import { RecipeResultError } from "../errors/recipe-result-error.ts";
import { ValueError } from "../errors/value-error.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { Patch } from "../model/patch.ts";
import { normaliseState, quickState } from "../model/state.ts";
import { changedLeaf, lendSealed } from "../value/seal.ts";
import type { Draft } from "../value/state-types.ts";
import type { PlainObject } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import { copyDraft, refuseLosses } from "./copy-draft.ts";
import { diffStates } from "./diff.ts";

/**
 * Changes a draft of the current state in place. Synchronous, returns nothing (or the draft), and free of effects
 * outside: it runs again on a newer state when another writer was first. Its errors reach the caller of `edit` as they
 * are, and nothing is stored.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a recipe that returns nothing is void to TypeScript
export type Recipe<T> = (draft: Draft<T>) => Draft<T> | void | undefined;

/** A recipe of whatever type its draft is. */
export type AnyRecipe = (draft: never) => unknown;

export {
  /** A plain copy of a draft as it is now, as Immer gives it: to keep or to show a part of a draft behind the recipe. */
  current,
  /** The value that a draft was made of, as Immer gives it: frozen, as it was before the recipe began. */
  original,
};

// Immer's own patch list is not asked for (it loses changes of a draft that is also put into a new object), nor its
// freezing (it would freeze objects that callers push in). So only its draft is used; the patches are a difference by
// reference.
const immer = new Immer({ autoFreeze: false });
const copied = Symbol("the draft was copied");

interface Run {
  readonly recipe: AnyRecipe;
  readonly id: DocumentId;
  readonly types: ValueTypes;
  /** Whether the recipe came to its end, and was not refused. */
  ended: boolean;
  /** Whether it ended by an error of the caller's own code. */
  threw: boolean;
}

/**
 * The patches that a recipe makes on a sealed state. Nothing that the recipe does can change that state. An error of the
 * recipe, or of a getter of a value that it puts in, is thrown as it is.
 */
export function runRecipe(base: PlainObject, recipe: AnyRecipe, id: DocumentId, types: ValueTypes): Patch[] {
  const lent = lendSealed(base, types);
  const run = { recipe, id, types, ended: false, threw: false };
  try {
    const next = finishedState(lent, run) ?? copiedState(lent, run);
    return diffStates(lent, next, types, "reference");
  } finally {
    // of a recipe that threw nothing is to be stored, so its caller hears of its own error
    if (!run.threw) refuseMutations(base, lent, id, types);
  }
}

/**
 * The state that the recipe leaves, as Immer finishes it. Undefined where it has to be looked at while its drafts live:
 * finishing loses drafts that are in frozen objects, and has errors of its own for a value that cannot be stored.
 */
function finishedState(lent: PlainObject, run: Run): PlainObject | undefined {
  let finished: unknown;
  try {
    finished = immer.produce(lent, (draft: unknown) => callRecipe(run, draft));
  } catch (error) {
    if (run.ended) return undefined;
    throw error;
  }
  const quick = quickState(finished, run.id, run.types);
  if (quick !== undefined) return quick;
  try {
    refuseLosses(finished);
  } catch (error) {
    if (isRevoked(error)) return undefined;
    throw faultOf(error, run);
  }
  return normaliseState(finished, run.id, run.types);
}

/** The same by a copy of the draft while its drafts live: it names the fault of a value that cannot be stored. */
function copiedState(lent: PlainObject, run: Run): PlainObject {
  let next: unknown;
  try {
    immer.produce(lent, (draft: unknown) => {
      callRecipe(run, draft);
      next = snapshot(draft, run);
      // leaving by an exception ends all drafts without the finishing that produce would do
      throw copied;
    });
  } catch (error) {
    if (error !== copied) throw error;
  }
  return normaliseState(next, run.id, run.types);
}

/** Throws unless the recipe changes its draft and gives nothing else back. */
function callRecipe(run: Run, draft: unknown): void {
  const { recipe, id } = run;
  let result: unknown;
  let isAsync: boolean;
  try {
    result = recipe(draft as never);
    isAsync = isPromise(result);
  } catch (error) {
    throw ownOrKept(error, run);
  }
  if (result === undefined || result === draft) {
    run.ended = true;
    return;
  }
  throw isAsync ? new AsyncRecipeError({ id }) : new RecipeResultError({ id });
}

/** Whether a result is a promise. From now on it is nobody's: its errors on a draft that has ended are not told. */
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
function snapshot(draft: unknown, run: Run): unknown {
  try {
    return copyDraft(draft as object);
  } catch (error) {
    throw faultOf(error, run);
  }
}

/** The error that says why a state cannot be walked through. */
function faultOf(cause: unknown, run: Run): unknown {
  if (cause instanceof EverdraftError) return cause;
  if (!isOverflow(cause)) return ownOrKept(cause, run);
  const reason = "it contains itself, or nests too deeply; refer to the outer one by an id";
  return new ValueError({ id: run.id, path: [], reason }, { cause });
}

/** The error of the caller's code, unless it is the engine's word for a draft whose recipe has ended. */
function ownOrKept(error: unknown, run: Run): unknown {
  if (isRevoked(error)) return new KeptDraftError({ id: run.id }, { cause: error });
  run.threw = true;
  return error;
}

function isRevoked(error: unknown): boolean {
  return isNative(error, "TypeError") && error.message.includes("proxy that has been revoked");
}

function isOverflow(error: unknown): boolean {
  return isNative(error, "RangeError") && error.message.includes("call stack");
}

/** Whether an error is one of the language, of whichever realm. */
function isNative(error: unknown, name: "TypeError" | "RangeError"): error is Error {
  return nodeTypes.isNativeError(error) && error.name === name;
}

function refuseMutations(base: PlainObject, lent: PlainObject, id: DocumentId, types: ValueTypes): void {
  const path = changedLeaf(base, lent, types);
  if (path !== undefined) throw new MutatedValueError({ id, path });
}
