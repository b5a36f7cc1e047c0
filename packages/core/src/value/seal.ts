import type { Path } from "./path.ts";
import { copyLeaf, isContainer, isPlain, sameLeaf } from "./value.ts";
import type { ValueTypes } from "./value-type.ts";

/*
 * A sealed container was checked, is deep-frozen and belongs to the library: no caller holds a value in it that could be
 * changed in place. Walks (normalising, sealing, digests) stop at sealed containers, so they cost no more than the
 * changed parts.
 */

/** The facts remembered of a sealed container: how deep it nests, and whether a leaf in it can be changed in place. */
interface Sealed {
  readonly height: number;
  readonly mutable: boolean;
  size: number | undefined;
}

const sealed = new WeakMap<object, Sealed>();

/** Whether a container is sealed. */
export function isSealed(container: object): boolean {
  return sealed.has(container);
}

/** The size of a sealed container in canonical bytes, where it was kept. */
export function keptSize(container: object): number | undefined {
  return sealed.get(container)?.size;
}

/** Keeps the size of a container, where it is sealed: then it cannot change. */
export function keepSize(container: object, size: number): void {
  const known = sealed.get(container);
  if (known !== undefined) known.size = size;
}

/** How many levels a sealed container nests, itself included. */
export function sealedHeight(container: object): number {
  return sealed.get(container)?.height ?? 0;
}

/**
 * Deep-freezes a checked value that no caller holds, and remembers that. Costs the containers that are not
 * sealed yet.
 */
export function seal<V>(value: V): V {
  if (isContainer(value)) sealContainer(value);
  return value;
}

/**
 * Deep-freezes a checked value without remembering it, which costs more than the freezing: for values that are handed out
 * once. Whether no leaf in it can be changed in place; where one can, parts are left as they were.
 */
export function freezeUnchanging(value: object): boolean {
  const known = sealed.get(value);
  if (known !== undefined) return !known.mutable;
  for (const child of Array.isArray(value) ? value : Object.values(value)) {
    if (child === null || typeof child !== "object") continue;
    if (!(isContainer(child) && freezeUnchanging(child))) return false;
  }
  Object.freeze(value);
  return true;
}

function sealContainer(container: object): Sealed {
  const known = sealed.get(container);
  if (known !== undefined) return known;
  let height = 0;
  let mutable = false;
  for (const child of Array.isArray(container) ? container : Object.values(container)) {
    if (child === null || typeof child !== "object") continue;
    if (isContainer(child)) {
      const inner = sealContainer(child);
      if (inner.height > height) height = inner.height;
      mutable ||= inner.mutable;
    } else mutable = true;
  }
  const info = { height: height + 1, mutable, size: undefined };
  sealed.set(Object.freeze(container), info);
  return info;
}

/**
 * A sealed value as it may be given to a caller: leaves that can be changed in place (dates, bytes, adapter
 * values) are copies, with the containers around them; all the rest is shared. Costs nothing for a state
 * without such leaves.
 */
export function lend<V>(value: V, types: ValueTypes): V {
  return lendAny(value, types) as V;
}

/** Whether a container is sealed and holds no leaf that can be changed in place. */
function isUnchanging(container: object): boolean {
  return sealed.get(container)?.mutable === false;
}

function lendAny(value: unknown, types: ValueTypes): unknown {
  if (Array.isArray(value)) {
    if (isUnchanging(value)) return value;
    return Object.freeze(value.map((item) => lendAny(item, types)));
  }
  if (!isPlain(value)) return copyLeaf(value, types);
  if (isUnchanging(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = lendAny(value[key], types);
  return Object.freeze(copy);
}

/** The path of the first leaf of a lent copy that no longer equals the original's, or undefined. */
export function changedLeaf(
  original: unknown,
  lent: unknown,
  types: ValueTypes,
  path: Path = [],
): Path | undefined {
  if (Object.is(original, lent)) return undefined;
  if (!isContainer(original) || !isContainer(lent)) return sameLeaf(original, lent, types) ? undefined : path;
  for (const key of Object.keys(original)) {
    const step = Array.isArray(original) ? Number(key) : key;
    const [before, after]: unknown[] = [Reflect.get(original, key), Reflect.get(lent, key)];
    const found = changedLeaf(before, after, types, [...path, step]);
    if (found !== undefined) return found;
  }
  return undefined;
}
