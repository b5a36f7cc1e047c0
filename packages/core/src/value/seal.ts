import type { Path } from "./path.ts";
import { copyLeaf, isContainer, isPlain, sameLeaf } from "./value.ts";
import type { ValueTypes } from "./value-type.ts";

/*
 * A sealed container was checked, is deep-frozen and belongs to the library: no caller holds a value in it that could be
 * changed in place. Walks (normalising, sealing, comparing) stop at sealed containers, so they cost no more than the
 * changed parts.
 *
 * A sealed container carries a stamp: a private field that this file alone can set and read. No copy takes it along
 * (spread, Immer, structuredClone), and it costs a fraction of an entry in a WeakMap.
 */

/** The facts kept of a sealed container; those that take a walk are kept once somebody asked for them. */
export interface Facts {
  /** As in the stamp. */
  readonly nesting: number;
  /** Its size in canonical bytes. */
  bytes: number | undefined;
  /** A hash of its content, for this process alone. */
  hash: number | undefined;
}

/** Gives back the object that it is made for, so that the fields of a subclass are put on that object. */
export class Itself {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: the one way to put a private field on an object made elsewhere
    return object;
  }
}

class Stamp extends Itself {
  /** The nesting, or the facts once there are more of them. */
  #facts: number | Facts;

  constructor(container: object, nesting: number) {
    super(container);
    this.#facts = nesting;
  }

  static isOn(container: object): boolean {
    return #facts in container;
  }

  static nesting(container: object): number | undefined {
    if (!(#facts in container)) return undefined;
    const facts = container.#facts;
    return typeof facts === "number" ? facts : facts.nesting;
  }

  static facts(container: object): Facts | undefined {
    if (!(#facts in container)) return undefined;
    const known = container.#facts;
    if (typeof known !== "number") return known;
    const facts = { nesting: known, bytes: undefined, hash: undefined };
    container.#facts = facts;
    return facts;
  }
}

/*
 * The nesting of a value is twice its levels of containers, and one more where a leaf in it can be changed in place: one
 * small number for both.
 */

/** The nesting of null, of a sealed container, or of a leaf that can be changed in place. */
export function nestingOf(value: object | null): number {
  return value === null ? 0 : (Stamp.nesting(value) ?? 1);
}

/** The nesting of two values side by side. */
export function joinedNesting(a: number, b: number): number {
  return Math.max(a, b) | (a & 1) | (b & 1);
}

/** Whether a container is sealed. */
export function isSealed(container: object): boolean {
  return Stamp.isOn(container);
}

/** The facts of a sealed container, to be read and added to; undefined where it is not sealed. */
export function factsOf(container: object): Facts | undefined {
  return Stamp.facts(container);
}

/** How many levels a sealed container nests, itself included. */
export function sealedHeight(container: object): number {
  return (Stamp.nesting(container) ?? 0) >> 1;
}

/**
 * Seals a container that was just made and that nobody else holds. `inner` is the joined nesting of the values in it,
 * whose containers are sealed. Gives the container's own nesting.
 */
export function sealMade(container: object, inner: number): number {
  // stamped first: one day a frozen object may take no private field
  new Stamp(container, inner + 2);
  Object.freeze(container);
  return inner + 2;
}

/**
 * Deep-freezes a checked value that no caller holds, and remembers that. A part that somebody else froze is copied, since
 * it may take no stamp. Costs the containers that are not sealed yet.
 */
export function seal<V>(value: V): V {
  return isContainer(value) ? (sealContainer(value) as V) : value;
}

/**
 * Deep-freezes a checked value without remembering it, which costs more than the freezing: for values that are handed out
 * once. Whether no leaf in it can be changed in place; where one can, parts are left as they were.
 */
export function freezeUnchanging(value: object): boolean {
  const nesting = Stamp.nesting(value);
  if (nesting !== undefined) return (nesting & 1) === 0;
  for (const child of Array.isArray(value) ? value : Object.values(value)) {
    if (child === null || typeof child !== "object") continue;
    if (!(isContainer(child) && freezeUnchanging(child))) return false;
  }
  Object.freeze(value);
  return true;
}

function sealContainer(container: object): object {
  if (Stamp.isOn(container)) return container;
  const own: object = Object.isExtensible(container) ? container : shallowCopy(container);
  let inner = 0;
  if (Array.isArray(own)) {
    for (let i = 0; i < own.length; i++) inner = sealChild(own, i, own[i], inner);
  } else if (isPlain(own)) {
    for (const key of Object.keys(own)) inner = sealChild(own, key, own[key], inner);
  }
  sealMade(own, inner);
  return own;
}

/** Seals a value in a container. Gives the joined nesting of it and of those before it. */
function sealChild(own: object, key: string | number, child: unknown, inner: number): number {
  if (child === null || typeof child !== "object") return inner;
  const nesting = Stamp.nesting(child);
  if (nesting !== undefined) return joinedNesting(inner, nesting);
  if (!isContainer(child)) return inner | 1;
  const sealed = sealContainer(child);
  if (sealed !== child) Reflect.set(own, key, sealed);
  return joinedNesting(inner, Stamp.nesting(sealed) ?? 0);
}

function shallowCopy(container: object): object {
  return Array.isArray(container) ? container.slice() : { ...container };
}

/**
 * A sealed value as it may be given to a caller: leaves that can be changed in place (dates, bytes, adapter
 * values) are copies, with the containers around them; all the rest is shared. Costs nothing for a state
 * without such leaves.
 */
export function lend<V>(value: V, types: ValueTypes): V {
  return lendAny(value, types, Object.freeze) as V;
}

/** A lent value that is the library's own again: it is sealed, and shares no leaf that can be changed in place. */
export function lendSealed<V>(value: V, types: ValueTypes): V {
  return lendAny(value, types, sealContainer) as V;
}

/** Whether a container is sealed and holds no leaf that can be changed in place. */
function isUnchanging(container: object): boolean {
  const nesting = Stamp.nesting(container);
  return nesting !== undefined && (nesting & 1) === 0;
}

function lendAny(value: unknown, types: ValueTypes, finish: (copy: object) => object): unknown {
  if (!isContainer(value)) return copyLeaf(value, types);
  if (isUnchanging(value)) return value;
  if (!isPlain(value)) return finish(value.map((item) => lendAny(item, types, finish)));
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = lendAny(value[key], types, finish);
  return finish(copy);
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
