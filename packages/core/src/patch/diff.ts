import type { Patch } from "../model/patch.ts";
import type { Path } from "../value/path.ts";
import { reconcileQuickly, unsure } from "../value/reconcile.ts";
import { lendSealed } from "../value/seal.ts";
import { sizeOf } from "../value/size.ts";
import { hasOwn, isContainer, isPlain, type PlainObject, sameLeaf, sameValue } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import { alignArrays, alignByContent, looksLikeOne, type Step } from "./align-arrays.ts";

/**
 * How elements of arrays are recognised. `reference`: the states come from one recipe, so an unchanged element is the
 * same object. `content`: the states were built apart (revert, replace, import).
 */
export type MatchBy = "reference" | "content";

/**
 * The patches that make one sealed state into another; none where they are equal. Undefined is the absence of a document.
 * Walks only parts that are not the same reference; a container whose patches would outweigh it is replaced as a whole.
 */
export function diffStates(before: unknown, after: unknown, types: ValueTypes, by: MatchBy): Patch[] {
  if (after === undefined) return before === undefined ? [] : [{ op: "remove", path: [] }];
  const walk: Walk = { types, align: by === "content" ? byContent(types) : alignArrays, patches: [] };
  diffValues(before, by === "content" ? sharing(before, after, types) : after, [], walk);
  return walk.patches;
}

type Align = (before: readonly unknown[], after: readonly unknown[]) => Step[];

function byContent(types: ValueTypes): Align {
  return (before, after) => alignByContent(before, after, types);
}

/** The state after, with all that is equal taken from the one before, so that the comparison need not look into it. */
function sharing(before: unknown, after: unknown, types: ValueTypes): unknown {
  const shared = reconcileQuickly(before, after, types);
  return shared === unsure ? after : shared;
}

interface Walk {
  readonly types: ValueTypes;
  readonly align: Align;
  readonly patches: Patch[];
}

function put(walk: Walk, op: "add" | "replace", path: Path, value: unknown): void {
  // lent, so that an event never shares a date with a draft that somebody may still hold
  walk.patches.push({ op, path, value: lendSealed(value, walk.types) });
}

function diffValues(before: unknown, after: unknown, path: Path, walk: Walk): void {
  if (Object.is(before, after)) return;
  const first = walk.patches.length;
  if (Array.isArray(before) && Array.isArray(after)) {
    // equal elements may have changed their places, which is no change; and matching them costs more
    if (sameValue(before, after, walk.types)) return;
    diffArrays(before, after, path, walk);
  } else if (isPlain(before) && isPlain(after)) diffObjects(before, after, path, walk);
  else if (!sameLeaf(before, after, walk.types)) put(walk, "replace", path, after);
  const made = walk.patches.length - first;
  if (made > 4 || (made > 1 && isEmpty(after))) replaceWhereSmaller(first, after, path, walk);
}

function isEmpty(container: unknown): boolean {
  return isContainer(container) && Object.keys(container).length === 0;
}

function diffObjects(before: PlainObject, after: PlainObject, path: Path, walk: Walk): void {
  for (const key of Object.keys(before)) {
    if (!hasOwn(after, key)) walk.patches.push({ op: "remove", path: [...path, key] });
  }
  for (const key of Object.keys(after)) {
    if (hasOwn(before, key)) {
      // most fields are the same, and their paths are not needed
      if (!Object.is(before[key], after[key])) diffValues(before[key], after[key], [...path, key], walk);
    } else put(walk, "add", [...path, key], after[key]);
  }
}

function diffArrays(before: readonly unknown[], after: readonly unknown[], path: Path, walk: Walk): void {
  for (const step of walk.align(before, after)) {
    const place = [...path, step.index];
    if (step.op === "remove") walk.patches.push({ op: "remove", path: place });
    else if (step.op === "add") put(walk, "add", place, after[step.to]);
    else if (looksLikeOne(before[step.from], after[step.to], walk.types)) {
      diffValues(before[step.from], after[step.to], place, walk);
    } else if (!sameLeaf(before[step.from], after[step.to], walk.types))
      put(walk, "replace", place, after[step.to]);
  }
}

function replaceWhereSmaller(first: number, after: unknown, path: Path, walk: Walk): void {
  const limit = patchBytes(path, after, walk.types);
  let bytes = 0;
  for (const patch of walk.patches.slice(first)) {
    if (bytes > limit) break;
    bytes += patchBytes(patch.path, patch.op === "remove" ? undefined : patch.value, walk.types);
  }
  if (bytes <= limit) return;
  walk.patches.length = first;
  put(walk, "replace", path, after);
}

/** The approximate size of a stored patch: names and tags, the path, the value. */
function patchBytes(path: Path, value: unknown, types: ValueTypes): number {
  const steps = path.reduce<number>((sum, step) => sum + (typeof step === "number" ? 9 : step.length + 2), 0);
  return 32 + steps + (value === undefined ? 0 : sizeOf(value, types));
}
