import { isDeepStrictEqual } from "node:util";

type Fields = Record<string, unknown>;

/**
 * Turns a draft into another state in place, as a program does that knows nothing of the library: fields that
 * are gone are deleted, others set where they differ, arrays element by element with a splice at the end.
 */
export function mergeInto(draft: Fields, next: Readonly<Fields>): void {
  for (const key of Object.keys(draft)) if (!Object.hasOwn(next, key)) delete draft[key];
  for (const key of Object.keys(next)) {
    if (!mergedInside(draft[key], next[key])) draft[key] = next[key];
  }
}

function mergeArrays(draft: unknown[], next: readonly unknown[]): void {
  const shared = Math.min(draft.length, next.length);
  for (let i = 0; i < shared; i++) if (!mergedInside(draft[i], next[i])) draft[i] = next[i];
  draft.splice(shared, draft.length - shared, ...next.slice(shared));
}

/** Merges inside a value that both sides have as the same kind of container; false where it must be set. */
function mergedInside(ours: unknown, theirs: unknown): boolean {
  if (Array.isArray(ours) && Array.isArray(theirs)) mergeArrays(ours, theirs);
  else if (isFields(ours) && isFields(theirs)) mergeInto(ours, theirs);
  else return isDeepStrictEqual(ours, theirs);
  return true;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
