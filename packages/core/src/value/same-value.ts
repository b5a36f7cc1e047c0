import { contentHash } from "./content-hash.ts";
import { isSealed } from "./seal.ts";
import {
  hasOwn,
  isBytes,
  isPlain,
  isStorableTime,
  ownId,
  type PlainObject,
  sameLeaf,
  timeOf,
} from "./value.ts";
import type { ValueTypes } from "./value-type.ts";

/*
 * The leaves, keys and containers that the quick walk of reconcile.ts takes, and the parts of a sealed value that they equal.
 */

/** Whether a value is a leaf that is taken. Wrong dates, and bytes of subclasses and other realms are for the other walk. */
export function isKnownLeaf(value: object, types: ValueTypes): boolean {
  const time = timeOf(value);
  if (time !== undefined) return isStorableTime(time);
  if (!isBytes(value)) return types.of(value) !== undefined;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Uint8Array.prototype || prototype === Buffer.prototype;
}

/** Whether an object has no symbols as keys. */
export function holdsTextKeysAlone(object: object): boolean {
  return Object.getOwnPropertySymbols(object).length === 0;
}

/** Whether an array has neither holes nor named properties: beside the indexes there is `length`. */
export function holdsElementsAlone(array: readonly unknown[]): boolean {
  return Reflect.ownKeys(array).length === array.length + 1;
}

// most keys come again and again
const checkedKeys = new Set<string>();
const mostChecked = 4_096;
const longestChecked = 64;

/** Whether a key is taken as it is. */
export function isKnownKey(key: string): boolean {
  if (checkedKeys.has(key)) return true;
  if (key === "__proto__" || key.includes("\0") || !key.isWellFormed()) return false;
  if (key.length > longestChecked) return true;
  if (checkedKeys.size >= mostChecked) checkedKeys.clear();
  checkedKeys.add(key);
  return true;
}

/** Items of an array by a hash of their id, or of their content. */
export type Moved = ReadonlyMap<number, readonly unknown[]>;

/** The items of a part of an array, to find those that moved. */
export function movedFrom(old: readonly unknown[], start: number, end: number, types: ValueTypes): Moved {
  const moved = new Map<number, unknown[]>();
  for (let i = start; i < end; i++) {
    const item = old[i];
    if (item === null || typeof item !== "object") continue;
    const hash = hashOfItem(item, types);
    const others = moved.get(hash);
    if (others === undefined) moved.set(hash, [item]);
    else if (others.length < mostAlike) others.push(item);
  }
  return moved;
}

/** So many items of one hash are compared with another one: more would only find more parts to share. */
const mostAlike = 8;

function hashOfItem(item: object, types: ValueTypes): number {
  return contentHash(ownId(item) ?? item, types);
}

/** The item before that an item is compared with: an equal one, one with its id, or the one beside. */
export function counterpart(moved: Moved, item: object, beside: unknown, types: ValueTypes): unknown {
  const alike = moved.get(hashOfItem(item, types)) ?? [];
  return alike.find((other) => isSame(other, item, types)) ?? alike[0] ?? beside;
}

/**
 * Whether a value that is taken as it is equals a sealed one. Allocates nothing. Says no of all that the walk would not
 * take.
 */
export function isSame(old: unknown, value: unknown, types: ValueTypes): boolean {
  // NaN is itself, and -0 is 0
  if (old === value || Object.is(old, value)) return true;
  return typeof value === "object" && value !== null && isSameObject(old, value, types);
}

function isSameObject(old: unknown, value: object, types: ValueTypes): boolean {
  if (Array.isArray(value)) return Array.isArray(old) && isSameArray(old, value, types);
  if (isPlain(value)) return isPlain(old) && isSameFields(old, value, types);
  return isKnownLeaf(value, types) && sameLeaf(old, value, types);
}

function isSameArray(old: readonly unknown[], value: readonly unknown[], types: ValueTypes): boolean {
  if (old.length !== value.length) return false;
  for (let i = 0; i < old.length; i++) if (!isSame(old[i], value[i], types)) return false;
  return isSealed(value) || holdsElementsAlone(value);
}

function isSameFields(old: PlainObject, value: PlainObject, types: ValueTypes): boolean {
  const keys = Object.keys(value);
  const oldKeys = Object.keys(old);
  let count = 0;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] ?? "";
    const given = value[key];
    if (given === undefined) continue;
    if (oldKeys[i] !== key && !hasOwn(old, key)) return false;
    const known = old[key];
    if (given !== known && !isSame(known, given, types)) return false;
    count++;
  }
  return count === oldKeys.length && (isSealed(value) || holdsTextKeysAlone(value));
}
