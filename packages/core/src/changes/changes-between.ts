import type { Path } from "../value/path.ts";
import { lend } from "../value/seal.ts";
import { hasOwn, isPlain, type PlainObject, sameLeaf } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import type { Change, TextRun } from "./change.ts";
import { followElements, nameOf } from "./follow-elements.ts";

/** How a long text that changed is shown by its words; undefined where that says nothing. */
export type WordRuns = (before: string, after: string) => readonly TextRun[] | undefined;

/**
 * The changes that lead from one state to another; undefined is the absence of a document. The order is that of the
 * earlier state's fields, then that of the later one's new fields; in an array the removed elements come first. Reads no
 * more than differs where the states share their equal parts. `words` compares long texts.
 */
export function changesBetween(
  before: unknown,
  after: unknown,
  types: ValueTypes,
  words?: WordRuns,
): Change[] {
  const walk: Walk = { types, words, changes: [] };
  if (before === undefined && after === undefined) return [];
  if (before === undefined) walk.changes.push({ kind: "added", path: [], after: lend(after, types) });
  else if (after === undefined) walk.changes.push({ kind: "removed", path: [], before: lend(before, types) });
  else compareValues(before, after, { before: [], after: [], names: [] }, walk);
  return walk.changes;
}

/** A place in one of two states: its path, and the whole state. */
export interface PlaceOfState {
  readonly path: Path;
  readonly state: unknown;
}

/**
 * The changes of `changesBetween` at a place and inside of it, which may have another path in the later state: elements of
 * arrays move. The place is undefined in a state that does not have it.
 */
export function changesAt(
  before: PlaceOfState | undefined,
  after: PlaceOfState | undefined,
  types: ValueTypes,
  words?: WordRuns,
): Change[] {
  const walk: Walk = { types, words, changes: [] };
  if (before === undefined && after === undefined) return [];
  const later = after ?? before;
  let at: Places = { before: [], after: [], names: [] };
  let [old, now, around]: unknown[] = [before?.state, after?.state];
  for (const [n, step] of (later?.path ?? []).entries()) {
    around = [old, now];
    const from = before?.path[n] ?? step;
    [old, now] = [before && Reflect.get(Object(old), from), after && Reflect.get(Object(now), step)];
    at = typeof step === "number" ? atElement(at, Number(from), step, now ?? old) : inside(at, step);
  }
  if (before === undefined) add(now, at, walk);
  else if (after === undefined) remove(old, at, walk);
  else {
    if (hasMoved(around, later?.path.at(-1), types))
      walk.changes.push({ kind: "moved", ...called(at.after, at), from: at.before });
    compareValues(old, now, at, walk);
  }
  return walk.changes;
}

/** Whether the element of the later of two arrays has another place among those that stayed. */
function hasMoved(arrays: unknown, index: string | number | undefined, types: ValueTypes): boolean {
  const [before, after]: readonly unknown[] = Array.isArray(arrays) ? arrays : [];
  if (typeof index !== "number" || !Array.isArray(before) || !Array.isArray(after)) return false;
  return followElements(before, after, types).moved.has(index);
}

interface Walk {
  readonly types: ValueTypes;
  readonly words: WordRuns | undefined;
  readonly changes: Change[];
}

/** The place of two values that are compared, in either state: an element of an array may have moved. */
interface Places {
  readonly before: Path;
  readonly after: Path;
  /** The names of the elements on the way, by their steps; undefined for a step that has none. */
  readonly names: readonly (string | number | undefined)[];
}

function inside(at: Places, step: string): Places {
  return { before: [...at.before, step], after: [...at.after, step], names: [...at.names, undefined] };
}

function atElement(at: Places, from: number, to: number, element: unknown): Places {
  const id = nameOf(element);
  const name = id === undefined || typeof id === "string" || typeof id === "number" ? id : String(id);
  return { before: [...at.before, from], after: [...at.after, to], names: [...at.names, name] };
}

/** A path, and the same with the names of elements where one has any. */
function called(path: Path, { names }: Places): { readonly path: Path; readonly named?: Path } {
  if (names.every((name) => name === undefined)) return { path };
  return { path, named: path.map((step, i) => names[i] ?? step) };
}

function compareValues(before: unknown, after: unknown, at: Places, walk: Walk): void {
  if (Object.is(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) compareArrays(before, after, at, walk);
  else if (isPlain(before) && isPlain(after)) compareObjects(before, after, at, walk);
  else if (!sameLeaf(before, after, walk.types)) {
    const { types, words } = walk;
    const text = typeof before === "string" && typeof after === "string" ? words?.(before, after) : undefined;
    walk.changes.push({
      kind: "changed",
      ...called(at.after, at),
      before: lend(before, types),
      after: lend(after, types),
      ...(text !== undefined && { text }),
    });
  }
}

function compareObjects(before: PlainObject, after: PlainObject, at: Places, walk: Walk): void {
  for (const key of Object.keys(before)) {
    if (!hasOwn(after, key)) remove(before[key], inside(at, key), walk);
    else if (!Object.is(before[key], after[key]))
      compareValues(before[key], after[key], inside(at, key), walk);
  }
  for (const key of Object.keys(after)) {
    if (!hasOwn(before, key)) add(after[key], inside(at, key), walk);
  }
}

function compareArrays(before: readonly unknown[], after: readonly unknown[], at: Places, walk: Walk): void {
  const { from, moved, removed } = followElements(before, after, walk.types);
  for (const i of removed) remove(before[i], atElement(at, i, i, before[i]), walk);
  for (const [j, i] of from.entries()) {
    if (Object.is(before[i], after[j]) && i !== -1 && !moved.has(j)) continue;
    const place = atElement(at, i, j, after[j]);
    if (i === -1) add(after[j], place, walk);
    else {
      if (moved.has(j))
        walk.changes.push({ kind: "moved", ...called(place.after, place), from: place.before });
      compareValues(before[i], after[j], place, walk);
    }
  }
}

function add(value: unknown, at: Places, { types, changes }: Walk): void {
  changes.push({ kind: "added", ...called(at.after, at), after: lend(value, types) });
}

function remove(value: unknown, at: Places, { types, changes }: Walk): void {
  changes.push({ kind: "removed", ...called(at.before, at), before: lend(value, types) });
}
