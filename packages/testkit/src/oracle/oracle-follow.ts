import { sameValue } from "@everdraft/core/internals";
import { plainTypes } from "../build/plain-types.ts";

/*
 * Another answer to the question where the elements of an array came from: straight from the words of
 * docs/guide/changes.md, on whole states, with no care for speed. The library's own answer is compared with it.
 */

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && Object.getPrototypeOf(value) !== null
    ? Object.getPrototypeOf(Object.getPrototypeOf(value)) === null
    : value !== null && typeof value === "object";

const isContainer = (value: unknown): boolean => Array.isArray(value) || isObject(value);

function identity(element: unknown): unknown {
  if (!isObject(element)) return undefined;
  const id = element.id ?? element._id ?? element.key;
  return id === null || isContainer(id) ? undefined : id;
}

function isSame(a: unknown, b: unknown): boolean {
  const [one, other] = [identity(a), identity(b)];
  if (one === undefined && other === undefined) return sameValue(a, b, plainTypes);
  return typeof one === typeof other && String(one) === String(other);
}

function isOneKind(a: unknown, b: unknown): boolean {
  if (isContainer(a) !== isContainer(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  return identity(a) === undefined && identity(b) === undefined;
}

/** For each element of the later array its index in the earlier one, or -1. */
export function oracleFollow(before: readonly unknown[], after: readonly unknown[]): number[] {
  const from = after.map(() => -1);
  const free = new Set(before.keys());
  const match = (i: number, j: number): void => {
    from[j] = i;
    free.delete(i);
  };
  // equal ends
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && isSame(before[start], after[start])) match(start, start++);
  let tail = 0;
  while (start + tail < shorter) {
    const [i, j] = [before.length - 1 - tail, after.length - 1 - tail];
    if (!isSame(before[i], after[j])) break;
    match(i, j);
    tail++;
  }
  // the same elements in between, the first with the first
  const end = after.length - tail;
  for (let j = start; j < end; j++) {
    const i = [...free].sort((a, b) => a - b).find((one) => isSame(before[one], after[j]));
    if (i !== undefined) match(i, j);
  }
  // between two that stayed, by their place
  const anchors = [...longest(from, start, end), end];
  let [i, j] = [start, start];
  for (const anchor of anchors) {
    const last = anchor === end ? before.length - tail : (from[anchor] ?? -1);
    const here = [...free].filter((one) => one >= i && one < last).sort((a, b) => a - b);
    for (let k = j; k < anchor; k++) {
      if (from[k] !== -1) continue;
      const one = here.shift();
      if (one === undefined) break;
      if (isOneKind(before[one], after[k])) match(one, k);
    }
    [i, j] = [last + 1, anchor + 1];
  }
  return from;
}

/** The longest run in order; of several the one whose elements come first in the earlier array, decided from its end. */
function longest(from: readonly number[], start: number, end: number): number[] {
  const fromOf = (j: number): number => from[j] ?? -1;
  const lengths = new Map<number, number>();
  const best = (places: readonly number[]): number | undefined =>
    [...places].sort((a, b) => fromOf(a) - fromOf(b))[0];
  const matched = [...from.keys()].filter((j) => j >= start && j < end && from[j] !== -1);
  for (const j of matched) {
    const earlier = matched.filter((k) => k < j && fromOf(k) < fromOf(j));
    lengths.set(j, 1 + Math.max(0, ...earlier.map((k) => lengths.get(k) ?? 0)));
  }
  const run: number[] = [];
  let length = Math.max(0, ...lengths.values());
  let among = matched;
  while (length > 0) {
    const next = best(among.filter((j) => lengths.get(j) === length));
    if (next === undefined) break;
    run.unshift(next);
    length--;
    among = matched.filter((k) => k < next && fromOf(k) < fromOf(next));
  }
  return run;
}
