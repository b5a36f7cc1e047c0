import {
  counterpart,
  holdsElementsAlone,
  holdsTextKeysAlone,
  isKnownKey,
  isKnownLeaf,
  isSame,
  type Moved,
  movedFrom,
} from "./same-value.ts";
import { isSealed, joinedNesting, nestingOf, seal, sealedHeight, sealMade } from "./seal.ts";
import { copyLeaf, hasOwn, isContainer, isPlain, maxDepth, type PlainObject, sameLeaf } from "./value.ts";
import type { ValueTypes } from "./value-type.ts";

/*
 * The quick walk. It knows the values that come every day, builds no paths and finds no words: for anything else it says
 * `unsure`, and the walk of normalise.ts takes the value or says why not.
 */

/** The answer about a value that the quick walk does not know to be fine. */
export const unsure: unique symbol = Symbol("unsure");

// one for all, as its stack says nothing
const stop = new Error("a value for the other walk");

/** Where a walk is. */
interface Walk {
  readonly types: ValueTypes;
  /** The levels around. */
  depth: number;
}

/**
 * A value as a sealed one that takes each part that is equal in `before`, a sealed value (undefined: there is none), from
 * there. So parts that did not change are the same objects, and only the others are copied. `unsure` where the value is
 * none that is taken as it is; an error that it throws when it is looked at counts as that too.
 */
export function reconcileQuickly(before: unknown, value: unknown, types: ValueTypes): unknown {
  // parts of it go where they were, so that they nest no deeper than before
  const isUsable = isContainer(before) && sealedHeight(before) <= maxDepth;
  try {
    return taken(isUsable ? before : undefined, value, { types, depth: 0 });
  } catch {
    return unsure;
  }
}

function taken(before: unknown, value: unknown, walk: Walk): unknown {
  switch (typeof value) {
    case "string":
      if (value !== before && !value.isWellFormed()) throw stop;
      return value;
    case "number":
      return value === 0 ? 0 : value;
    case "boolean":
      return value;
    case "object":
      return value === null ? null : takenObject(before, value, walk);
  }
  throw stop;
}

function takenObject(before: unknown, value: object, walk: Walk): unknown {
  if (value === before) return value;
  const isArray = Array.isArray(value);
  if (!isArray && !isPlain(value)) return takenLeaf(before, value, walk);
  const isGiven = isSealed(value);
  const hasBefore = isArray ? Array.isArray(before) : isPlain(before);
  if (isGiven && !hasBefore) return fitting(value, walk);
  if (++walk.depth > maxDepth) throw stop;
  if (!isGiven && !(isArray ? holdsElementsAlone(value) : holdsTextKeysAlone(value))) throw stop;
  const own = isArray ? takenArray(before, value, walk) : takenFields(before, value, walk);
  walk.depth--;
  return own;
}

/** A sealed container, if it does not nest too deeply here. */
function fitting<C extends object>(container: C, walk: Walk): C {
  if (walk.depth + sealedHeight(container) > maxDepth) throw stop;
  return container;
}

function takenLeaf(before: unknown, value: object, { types }: Walk): unknown {
  if (!isKnownLeaf(value, types)) throw stop;
  return sameLeaf(before, value, types) ? before : copyLeaf(value, types);
}

function takenFields(before: unknown, value: PlainObject, walk: Walk): PlainObject {
  return isPlain(before) ? matchedFields(before, value, walk) : copiedFields(value, walk);
}

function copiedFields(value: PlainObject, walk: Walk): PlainObject {
  const copy: Record<string, unknown> = {};
  let inner = 0;
  for (const key of Object.keys(value)) {
    const given = value[key];
    if (given === undefined) continue;
    if (!isKnownKey(key)) throw stop;
    const own = taken(undefined, given, walk);
    copy[key] = own;
    if (typeof own === "object") inner = joinedNesting(inner, nestingOf(own));
  }
  sealMade(copy, inner);
  return copy;
}

/** The object before where all fields are its own, else a copy of the value that shares fields with it. */
function matchedFields(old: PlainObject, value: PlainObject, walk: Walk): PlainObject {
  const keys = Object.keys(value);
  const oldKeys = Object.keys(old);
  // made at the first field that is not the one before
  let copy: Record<string, unknown> | undefined;
  let count = 0;
  let isOld = true;
  let isGiven = isSealed(value);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] ?? "";
    const given = value[key];
    if (given === undefined) {
      copy ??= firstFields(old, keys, i);
      continue;
    }
    count++;
    // most keys are at the same place before, and most values are the same
    const known = oldKeys[i] === key || hasOwn(old, key) ? old[key] : undefined;
    if (known === undefined && !isKnownKey(key)) throw stop;
    const own = given === known && given !== 0 ? given : taken(known, given, walk);
    isGiven &&= Object.is(own, given);
    if (!Object.is(own, known)) {
      isOld = false;
      copy ??= firstFields(old, keys, i);
    }
    if (copy !== undefined) copy[key] = own;
  }
  if (isOld && count === oldKeys.length) return old;
  return isGiven ? value : seal(copy ?? firstFields(old, keys, keys.length));
}

/** A copy of the fields before a place: they are those of the object before. */
function firstFields(old: PlainObject, keys: readonly string[], end: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (let i = 0; i < end; i++) {
    const key = keys[i] ?? "";
    copy[key] = old[key];
  }
  return copy;
}

function takenArray(before: unknown, value: readonly unknown[], walk: Walk): readonly unknown[] {
  if (!Array.isArray(before)) return seal(copied(value, walk));
  const copy = matched(before, value, walk);
  if (copy === before || sameItems(before, copy)) return before;
  return isSealed(value) && sameItems(value, copy) ? value : seal(copy);
}

function copied(value: readonly unknown[], walk: Walk): unknown[] {
  // not by `slice`, which for a list of another realm or class makes another such list
  const copy = new Array<unknown>(value.length);
  for (let i = 0; i < copy.length; i++) copy[i] = takenItem(undefined, value[i], walk);
  return copy;
}

function takenItem(before: unknown, item: unknown, walk: Walk): unknown {
  return item === undefined ? null : taken(before, item, walk);
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => Object.is(item, b[i]));
}

/**
 * The items of an array, each that is equal to one before taken from there: equal ends, equal ones at the same place,
 * and ones that moved.
 */
function matched(old: readonly unknown[], value: readonly unknown[], walk: Walk): readonly unknown[] {
  const { types } = walk;
  const shorter = Math.min(old.length, value.length);
  let start = 0;
  while (start < shorter && isSame(old[start], value[start], types)) start++;
  if (start === old.length && start === value.length) return old;
  let end = 0;
  while (end < shorter - start && isSame(old.at(-1 - end), value.at(-1 - end), types)) end++;
  const copy = new Array<unknown>(value.length);
  for (let i = 0; i < start; i++) copy[i] = old[i];
  for (let i = 1; i <= end; i++) copy[copy.length - i] = old[old.length - i];
  let moved: Moved | undefined;
  for (let i = start; i < copy.length - end; i++) {
    const [item, beside] = [value[i], old[i]];
    if (beside !== undefined && isSame(beside, item, types)) copy[i] = beside;
    else if (item === null || typeof item !== "object") copy[i] = takenItem(undefined, item, walk);
    else {
      moved ??= movedFrom(old, start, old.length - end, types);
      copy[i] = takenItem(counterpart(moved, item, beside, types), item, walk);
    }
  }
  return copy;
}
