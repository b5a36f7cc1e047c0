import { contentHash } from "../value/content-hash.ts";
import { isPlain, ownId, ownIdKey, sameLeaf, sameValue } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";

/**
 * One step from an array to another, in order from left to right: `both` holds two versions of one element,
 * which may differ. `index` is the place in the array as the steps before it have left it.
 */
export type Step =
  | { readonly op: "both"; readonly from: number; readonly to: number; readonly index: number }
  | { readonly op: "remove"; readonly from: number; readonly index: number }
  | { readonly op: "add"; readonly to: number; readonly index: number };

/** The key by which elements are recognised: the same key, the same element. */
type KeyOf = (element: unknown) => unknown;

/**
 * Whether two elements look like versions of one thing, so that their difference says more than a
 * replacement.
 */
export function looksLikeOne(a: unknown, b: unknown, types: ValueTypes): boolean {
  if (Array.isArray(a)) return Array.isArray(b);
  return isPlain(a) && isPlain(b) && sameLeaf(ownId(a), ownId(b), types);
}

/** The part of two arrays between their equal ends. */
interface Middle {
  readonly start: number;
  readonly aEnd: number;
  readonly bEnd: number;
}

/** The part between the ends that are equal, as `isEqual` says, inside of a part. */
function between(
  a: readonly unknown[],
  b: readonly unknown[],
  within: Middle,
  isEqual: (one: unknown, other: unknown) => boolean,
): Middle {
  let { start, aEnd, bEnd } = within;
  while (start < aEnd && start < bEnd && isEqual(a[start], b[start])) start++;
  while (start < aEnd && start < bEnd && isEqual(a[aEnd - 1], b[bEnd - 1])) {
    aEnd--;
    bEnd--;
  }
  return { start, aEnd, bEnd };
}

function whole(a: readonly unknown[], b: readonly unknown[]): Middle {
  return { start: 0, aEnd: a.length, bEnd: b.length };
}

/**
 * The steps that make `a` into `b`. Equal ends are trimmed, the rest is matched by identity and then by own id,
 * and of the matches the longest run that keeps its order stays in place (longest increasing subsequence by
 * patience sorting, O(n log n)).
 */
export function alignArrays(a: readonly unknown[], b: readonly unknown[]): Step[] {
  const middle = between(a, b, whole(a, b), Object.is);
  if (fewDiffer(a, b, middle, Object.is)) return inPlace(a, b, middle);
  return stepsAround(matches(a, b, middle, [itself, ownIdKey]), middle);
}

/**
 * The steps that make `a` into `b`, two arrays whose elements are recognised by their content, so that it makes no
 * difference which of them are the same objects. Where they are, they are not looked into.
 */
export function alignByContent(a: readonly unknown[], b: readonly unknown[], types: ValueTypes): Step[] {
  const middle = between(a, b, whole(a, b), isSamePrimitive);
  if (fewDiffer(a, b, middle, isSamePrimitive)) return inPlace(a, b, middle);
  const inner = between(a, b, middle, Object.is);
  const part = meetsAgain(a, b, { inner, middle }, types) ? middle : inner;
  return stepsAround(matches(a, b, part, [contentKey(types)]), part);
}

/** Whether two elements are one leaf that is no object: objects are told apart by content, not here. */
function isSamePrimitive(a: unknown, b: unknown): boolean {
  return Object.is(a, b) && (a === null || typeof a !== "object");
}

/**
 * Whether an element between equal ends may have the key of one in the end behind it. Then matching has to see the ends
 * too, since equal elements are matched in their order: one between may go with one behind. Those before go together.
 */
function meetsAgain(
  a: readonly unknown[],
  b: readonly unknown[],
  { inner, middle }: { readonly inner: Middle; readonly middle: Middle },
  types: ValueTypes,
): boolean {
  const hashes = new Set<number>();
  for (let i = inner.start; i < inner.aEnd; i++) hashes.add(keyHash(a[i], types));
  for (let i = inner.start; i < inner.bEnd; i++) hashes.add(keyHash(b[i], types));
  for (let i = inner.aEnd; i < middle.aEnd; i++) if (hashes.has(keyHash(a[i], types))) return true;
  return false;
}

/** A hash of an element's key: equal keys have one. */
function keyHash(element: unknown, types: ValueTypes): number {
  return contentHash(ownIdKey(element) ?? element, types);
}

/**
 * The key by which elements are recognised by content: their own id with its kind, else their content. Elements have
 * one key where they are equal, among those that one such function was asked for.
 */
function contentKey(types: ValueTypes): KeyOf {
  const ids = new Map<string, object>();
  const known = new Map<number, unknown[]>();
  return (element) => {
    if (element === null || typeof element !== "object") return element;
    const id = ownIdKey(element);
    if (id !== undefined) {
      // an object as key is told apart from texts that are elements themselves
      const key = ids.get(id) ?? {};
      ids.set(id, key);
      return key;
    }
    const hash = contentHash(element, types);
    const alike = known.get(hash);
    if (alike === undefined) known.set(hash, [element]);
    const same = alike?.find((other) => sameValue(other, element, types));
    if (same === undefined) alike?.push(element);
    return same ?? element;
  };
}

function itself(element: unknown): unknown {
  return element;
}

/** Most edits change a few elements where they are: then no matching is needed. */
function fewDiffer(
  a: readonly unknown[],
  b: readonly unknown[],
  { start, aEnd, bEnd }: Middle,
  isEqual: (one: unknown, other: unknown) => boolean,
): boolean {
  if (aEnd !== bEnd) return false;
  const limit = Math.max(1, (aEnd - start) >> 1);
  let differ = 0;
  for (let i = start; i < aEnd && differ <= limit; i++) if (!isEqual(a[i], b[i])) differ++;
  return differ <= limit;
}

function inPlace(a: readonly unknown[], b: readonly unknown[], { start, aEnd }: Middle): Step[] {
  const steps: Step[] = [];
  for (let i = start; i < aEnd; i++) {
    if (!Object.is(a[i], b[i])) steps.push({ op: "both", from: i, to: i, index: i });
  }
  return steps;
}

/** For each element of b between the ends, the index of its match in a, or -1. */
function matches(
  a: readonly unknown[],
  b: readonly unknown[],
  { start, aEnd, bEnd }: Middle,
  keys: readonly KeyOf[],
): Int32Array {
  const found = new Int32Array(bEnd - start).fill(-1);
  const taken = new Set<number>();
  for (const key of keys) {
    const places = new Map<unknown, number[]>();
    for (let i = aEnd - 1; i >= start; i--) {
      const k = taken.has(i) ? undefined : key(a[i]);
      if (k === undefined) continue;
      const same = places.get(k);
      if (same === undefined) places.set(k, [i]);
      else same.push(i);
    }
    for (let j = 0; j < found.length; j++) {
      const k = found[j] === -1 ? key(b[start + j]) : undefined;
      const i = places.get(k)?.pop();
      if (i === undefined) continue;
      found[j] = i;
      taken.add(i);
    }
  }
  return found;
}

/** The places of b whose matches form the longest run that is also in order in a. */
export function longestRun(matched: Int32Array): Uint8Array {
  const before = new Int32Array(matched.length);
  const lasts: number[] = [];
  for (let j = 0; j < matched.length; j++) {
    const at = matched[j] ?? -1;
    if (at < 0) continue;
    let low = 0;
    let high = lasts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((matched[lasts[middle] ?? -1] ?? -1) < at) low = middle + 1;
      else high = middle;
    }
    before[j] = lasts[low - 1] ?? -1;
    lasts[low] = j;
  }
  const kept = new Uint8Array(matched.length);
  for (let j = lasts.at(-1) ?? -1; j >= 0; j = before[j] ?? -1) kept[j] = 1;
  return kept;
}

/** Between elements that stay: pair the old elements with the new ones, then remove or add the rest. */
function stepsAround(matched: Int32Array, { start, aEnd }: Middle): Step[] {
  const kept = longestRun(matched);
  const steps: Step[] = [];
  let from = start;
  let to = 0;
  for (;;) {
    let gapEnd = to;
    while (kept[gapEnd] === 0) gapEnd++;
    const last = gapEnd === matched.length;
    const fromEnd = matched[gapEnd] ?? aEnd;
    const removed = fromEnd - from;
    const added = gapEnd - to;
    const paired = Math.min(removed, added);
    for (let k = 0; k < paired; k++) {
      steps.push({ op: "both", from: from + k, to: start + to + k, index: start + to + k });
    }
    for (let k = removed - 1; k >= paired; k--)
      steps.push({ op: "remove", from: from + k, index: start + to + k });
    for (let k = paired; k < added; k++) steps.push({ op: "add", to: start + to + k, index: start + to + k });
    if (last) return steps;
    steps.push({ op: "both", from: fromEnd, to: start + gapEnd, index: start + gapEnd });
    from = fromEnd + 1;
    to = gapEnd + 1;
  }
}
