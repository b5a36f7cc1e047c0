import { ValueError } from "../errors/value-error.ts";
import { refusedKind } from "./foreign-kind.ts";
import type { Path } from "./path.ts";
import { reconcileQuickly, unsure } from "./reconcile.ts";
import { holdsElementsAlone } from "./same-value.ts";
import { isSealed, seal, sealedHeight } from "./seal.ts";
import { copyLeaf, isBytes, isPlain, isStorableTime, maxDepth, type PlainObject, timeOf } from "./value.ts";
import type { ValueTypes } from "./value-type.ts";

const loneSurrogate = /\p{Surrogate}/u;

function refuse(path: Path, reason: string): never {
  throw new ValueError({ path, reason });
}

/** Throws ValueError unless an array holds its elements and nothing else. */
export function checkElements(array: readonly unknown[], path: Path): void {
  if (holdsElementsAlone(array)) return;
  refuse(path, "the array has holes or named properties; fill the holes with null, or use an object");
}

/**
 * A checked, sealed copy of a caller's value. An undefined field is left out, an undefined array element is null, -0 is
 * 0, a Buffer is a Uint8Array; sealed parts are taken over as they are. A value that could not be given back exactly is a
 * ValueError with its path.
 */
export function normalise<V>(value: V, types: ValueTypes): V {
  return reconcile(undefined, value, types);
}

/**
 * A value as `normalise` gives it, that takes each part that is equal in `before`, a sealed value, from there: parts that
 * did not change are the same objects. Undefined: there is nothing before.
 */
export function reconcile<V>(before: unknown, value: V, types: ValueTypes): V {
  const quick = reconcileQuickly(before, value, types);
  return (quick === unsure ? seal(clean(value, types, [], new Set())) : quick) as V;
}

function clean(value: unknown, types: ValueTypes, path: Path, around: Set<object>): unknown {
  switch (typeof value) {
    case "string":
      if (loneSurrogate.test(value))
        refuse(path, "the text holds half of a surrogate pair; repair it with toWellFormed()");
      return value;
    case "number":
      return value === 0 ? 0 : value;
    case "boolean":
      return value;
    case "bigint":
      return refuse(path, "a bigint has no exact counterpart in every storage; use a number or a string");
    case "function":
    case "symbol":
      return refuse(path, `a ${typeof value} cannot be stored; leave it out, or store what it stands for`);
    case "undefined":
      return refuse(path, "undefined is not a value; use null, or delete the field");
    case "object":
      return value === null ? null : cleanObject(value, types, path, around);
  }
}

function cleanObject(value: object, types: ValueTypes, path: Path, around: Set<object>): unknown {
  if (isSealed(value)) {
    if (around.size + sealedHeight(value) > maxDepth)
      refuse(
        path,
        `it nests deeper than ${maxDepth} levels; make it flatter, or split it over several documents`,
      );
    return value;
  }
  const isArray = isArrayOrRefuse(value, path);
  if (!isArray && !isPlain(value)) return cleanLeaf(value, types, path);
  if (around.has(value)) refuse(path, "it contains itself; refer to the outer one by an id");
  if (around.size >= maxDepth)
    refuse(
      path,
      `it nests deeper than ${maxDepth} levels; make it flatter, or split it over several documents`,
    );
  if (Object.getOwnPropertySymbols(value).length > 0)
    refuse(path, "it has a symbol as a key; use texts as keys");
  around.add(value);
  const copy = isArray ? cleanArray(value, types, path, around) : cleanFields(value, types, path, around);
  around.delete(value);
  return copy;
}

/** A draft that outlived its recipe is a revoked proxy, on which even Array.isArray throws. */
function isArrayOrRefuse(value: object, path: Path): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return refuse(path, "it is a draft that was kept from an earlier recipe; drafts end with their recipe");
  }
}

function cleanLeaf(value: object, types: ValueTypes, path: Path): unknown {
  const time = timeOf(value);
  if (time !== undefined) {
    if (!isStorableTime(time))
      refuse(path, "the date is invalid or outside the years 1–9999; store null, or a text");
    return new Date(time);
  }
  const prototype = Object.getPrototypeOf(value);
  if (isBytes(value)) {
    if (!isOfSubclass(prototype)) return Uint8Array.from(value);
  } else if (types.of(value) !== undefined) return copyLeaf(value, types);
  const name = prototype.constructor?.name || "an unnamed class";
  const kind = refusedKind(value, types);
  if (kind !== undefined) refuse(path, kind);
  return refuse(path, `an instance of ${name} is not a plain value; store its fields as a plain object`);
}

/** Whether bytes are of a class of somebody's own, which would not come back. A Buffer is known to be none. */
function isOfSubclass(prototype: object): boolean {
  const isBuffer = prototype.constructor?.name === "Buffer";
  // in each realm the prototype of Uint8Array itself has this field, and one of a class does not
  return !Object.hasOwn(isBuffer ? Object.getPrototypeOf(prototype) : prototype, "BYTES_PER_ELEMENT");
}

function cleanArray(
  array: readonly unknown[],
  types: ValueTypes,
  path: Path,
  around: Set<object>,
): unknown[] {
  checkElements(array, path);
  // not by `map`, which for a list of another realm or class makes another such list
  const copy = new Array<unknown>(array.length);
  for (let i = 0; i < copy.length; i++) {
    const item = array[i];
    copy[i] = item === undefined ? null : clean(item, types, [...path, i], around);
  }
  return copy;
}

function cleanFields(object: PlainObject, types: ValueTypes, path: Path, around: Set<object>): PlainObject {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    checkKey(key, path);
    copy[key] = clean(value, types, [...path, key], around);
  }
  return copy;
}

function checkKey(key: string, path: Path): void {
  if (key === "__proto__") refuse([...path, key], "__proto__ is not a safe key; rename it");
  if (key.includes("\0")) refuse([...path, key], "the key holds a NUL character; take it out");
  if (loneSurrogate.test(key))
    refuse([...path, key], "the key holds half of a surrogate pair; repair it with toWellFormed()");
}
