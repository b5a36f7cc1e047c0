import { isContainer, isPlain, sameLeaf } from "../value/value.ts";
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
export type KeyOf = (element: unknown) => unknown;

/** The element's own id, as most data has it: `id` or `_id`; undefined where it has none. */
export function ownId(element: unknown): unknown {
  if (!isPlain(element)) return undefined;
  const id = element.id ?? element._id;
  // an object or list is content, not an id; and String() of one may throw
  return isContainer(id) ? undefined : id;
}

/**
 * Whether two elements look like versions of one thing, so that their difference says more than a
 * replacement.
 */
export function looksLikeOne(a: unknown, b: unknown, types: ValueTypes): boolean {
  if (Array.isArray(a)) return Array.isArray(b);
  return isPlain(a) && isPlain(b) && sameLeaf(ownId(a), ownId(b), types);
}

/**
 * The steps that make `a` into `b`. Equal ends are trimmed, the rest is matched by key and then by own id,
 * and of the matches the longest run that keeps its order stays in place (longest increasing subsequence by
 * patience sorting, O(n log n)).
 */
export function alignArrays(a: readonly unknown[], b: readonly unknown[], keyOf: KeyOf): Step[] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && Object.is(a[start], b[start])) start++;
  let end = 0;
  while (end < shorter - start && Object.is(a[a.length - 1 - end], b[b.length - 1 - end])) end++;
  const aEnd = a.length - end;
  const bEnd = b.length - end;
  if (aEnd - start === bEnd - start && fewDiffer(a, b, start, aEnd)) return inPlace(a, b, start, aEnd);
  return stepsAround(matches(a, b, { start, aEnd, bEnd }, keyOf), start, aEnd);
}

/** Most edits change a few elements where they are: then no matching is needed. */
function fewDiffer(a: readonly unknown[], b: readonly unknown[], start: number, end: number): boolean {
  const limit = Math.max(1, (end - start) >> 1);
  let differ = 0;
  for (let i = start; i < end && differ <= limit; i++) if (!Object.is(a[i], b[i])) differ++;
  return differ <= limit;
}

function inPlace(a: readonly unknown[], b: readonly unknown[], start: number, end: number): Step[] {
  const steps: Step[] = [];
  for (let i = start; i < end; i++) {
    if (!Object.is(a[i], b[i])) steps.push({ op: "both", from: i, to: i, index: i });
  }
  return steps;
}

/** For each element of b between the ends, the index of its match in a, or -1. */
function matches(
  a: readonly unknown[],
  b: readonly unknown[],
  { start, aEnd, bEnd }: { readonly start: number; readonly aEnd: number; readonly bEnd: number },
  keyOf: KeyOf,
): Int32Array {
  const found = new Int32Array(bEnd - start).fill(-1);
  const taken = new Set<number>();
  for (const key of [keyOf, idKeyOf]) {
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
      const i = k === undefined ? undefined : places.get(k)?.pop();
      if (i === undefined) continue;
      found[j] = i;
      taken.add(i);
    }
  }
  return found;
}

// ids that are objects (an ObjectId) are told apart by their text
function idKeyOf(element: unknown): unknown {
  const id = ownId(element);
  return id === undefined || id === null ? undefined : `${typeof id}:${String(id)}`;
}

/** The places of b whose matches form the longest run that is also in order in a. */
function longestRun(matched: Int32Array): Uint8Array {
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
function stepsAround(matched: Int32Array, start: number, aEnd: number): Step[] {
  const kept = longestRun(matched);
  const steps: Step[] = [];
  let from = start;
  let to = 0;
  for (;;) {
    let gapEnd = to;
    while (gapEnd < matched.length && kept[gapEnd] === 0) gapEnd++;
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
