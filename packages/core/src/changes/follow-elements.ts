import { longestRun } from "../patch/align-arrays.ts";
import { contentHash } from "../value/content-hash.ts";
import { isContainer, isPlain, sameValue } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";

/** Where the elements of an array came from. */
export interface Followed {
  /** For each element of the later array its index in the earlier one, or -1 where it is new. */
  readonly from: Int32Array;
  /** The indexes in the later array of elements that have another place among those that stayed. */
  readonly moved: ReadonlySet<number>;
  /** The indexes in the earlier array of elements that are gone, ascending. */
  readonly removed: readonly number[];
}

/**
 * Follows the elements of an array into a later one: by their own identity; else by equal content, in order; else an
 * element became one of its kind at the same place between two that stayed. Of the elements that were found again, the
 * longest run that is still in order stayed; the others moved. docs/guide/changes.md defines it by examples.
 */
export function followElements(
  before: readonly unknown[],
  after: readonly unknown[],
  types: ValueTypes,
): Followed {
  const from = new Int32Array(after.length).fill(-1);
  const middle = matchEnds({ before, after, from }, types);
  const left = matchInOrder({ before, after, from }, middle, types);
  const stayed = longestRun(from.subarray(middle.start, middle.afterEnd));
  const moved = new Set<number>();
  for (const [n, isIn] of stayed.entries()) {
    if (isIn === 0 && from[middle.start + n] !== -1) moved.add(middle.start + n);
  }
  pairInGaps({ before, after, from }, middle, { stayed, left });
  return { from, moved, removed: [...left].toSorted((a, b) => a - b) };
}

/**
 * The indexes of elements that are not the same reference in two arrays whose elements all are the same ones at their places,
 * as most edits leave them; undefined where an element is elsewhere, new or gone.
 */
export function differInPlace(
  before: readonly unknown[],
  after: readonly unknown[],
  types: ValueTypes,
): number[] | undefined {
  if (before.length !== after.length) return undefined;
  const differ: number[] = [];
  for (let i = 0; i < after.length; i++) {
    if (Object.is(before[i], after[i])) continue;
    if (!isSame(before[i], after[i], types)) return undefined;
    differ.push(i);
  }
  return differ;
}

/** The text by which an element is recognised: its `id`, `_id` or `key`, with its kind; undefined where it has none. */
export function identityOf(element: unknown): string | undefined {
  const id = nameOf(element);
  return id === undefined ? undefined : `${typeof id} ${String(id)}`;
}

/** The `id`, `_id` or `key` of an element; undefined where it has none. */
export function nameOf(element: unknown): unknown {
  if (!isPlain(element)) return undefined;
  const id = element.id ?? element._id ?? element.key;
  // an object or a list is content, and String() of one may throw
  return id === null || isContainer(id) ? undefined : id;
}

/** Two arrays, and the matches found so far. */
interface Arrays {
  readonly before: readonly unknown[];
  readonly after: readonly unknown[];
  readonly from: Int32Array;
}

/** The part of two arrays between the ends that are the same. */
interface Middle {
  readonly start: number;
  readonly beforeEnd: number;
  readonly afterEnd: number;
}

function matchEnds({ before, after, from }: Arrays, types: ValueTypes): Middle {
  let start = 0;
  let [beforeEnd, afterEnd] = [before.length, after.length];
  while (start < beforeEnd && start < afterEnd && isSame(before[start], after[start], types)) {
    from[start] = start;
    start++;
  }
  while (start < beforeEnd && start < afterEnd && isSame(before[beforeEnd - 1], after[afterEnd - 1], types)) {
    beforeEnd--;
    afterEnd--;
    from[afterEnd] = beforeEnd;
  }
  return { start, beforeEnd, afterEnd };
}

/** Whether two elements are the same one: by identity where one has any, else by content. */
function isSame(a: unknown, b: unknown, types: ValueTypes): boolean {
  if (Object.is(a, b)) return true;
  const [one, other] = [identityOf(a), identityOf(b)];
  return one === undefined && other === undefined ? sameValue(a, b, types) : one === other;
}

/** Matches equal elements of the middle, the first with the first. Gives the indexes in the earlier array that are left. */
function matchInOrder({ before, after, from }: Arrays, middle: Middle, types: ValueTypes): Set<number> {
  const { start, beforeEnd, afterEnd } = middle;
  const left = new Set<number>();
  const alike = new Map<string | number, number[]>();
  const keyOf = (element: unknown): string | number => identityOf(element) ?? contentHash(element, types);
  for (let i = start; i < beforeEnd; i++) {
    left.add(i);
    const key = keyOf(before[i]);
    const places = alike.get(key);
    if (places === undefined) alike.set(key, [i]);
    else places.push(i);
  }
  for (let j = start; j < afterEnd; j++) {
    const places = alike.get(keyOf(after[j])) ?? [];
    const n = places.findIndex((i) => isSame(before[i], after[j], types));
    if (n < 0) continue;
    const [i = -1] = places.splice(n, 1);
    from[j] = i;
    left.delete(i);
  }
  return left;
}

/** Between two elements that stayed, an element without a match became one of its kind at the same place. */
function pairInGaps(
  { before, after, from }: Arrays,
  { start, beforeEnd, afterEnd }: Middle,
  { stayed, left }: { readonly stayed: Uint8Array; readonly left: Set<number> },
): void {
  let [i, j] = [start, start];
  for (let end = start; end <= afterEnd; end++) {
    if (end < afterEnd && stayed[end - start] === 0) continue;
    const gapEnd = end < afterEnd ? (from[end] ?? beforeEnd) : beforeEnd;
    for (; j < end; j++) {
      if (from[j] !== -1) continue;
      while (i < gapEnd && !left.has(i)) i++;
      if (i === gapEnd) break;
      if (becomes(before[i], after[j])) {
        from[j] = i;
        left.delete(i);
      }
      i++;
    }
    [i, j] = [gapEnd + 1, end + 1];
  }
}

/** Whether one element can have become the other: both without identity, and of one kind. */
function becomes(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b);
  if (!isPlain(a) || !isPlain(b)) return !isPlain(a) && !isPlain(b);
  return nameOf(a) === undefined && nameOf(b) === undefined;
}
