import type { Path } from "../value/path.ts";
import { lend } from "../value/seal.ts";
import { hasOwn, isPlain, type PlainObject, sameLeaf, sameValue } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import { alignByContent, looksLikeOne } from "./align-arrays.ts";

/**
 * One difference between two states, for people. The path of a removed value is its path in the earlier state, of all
 * else its path in the later one; the empty path is the whole document.
 */
export type Change =
  | { readonly kind: "added"; readonly path: Path; readonly after: unknown }
  | { readonly kind: "removed"; readonly path: Path; readonly before: unknown }
  | { readonly kind: "changed"; readonly path: Path; readonly before: unknown; readonly after: unknown };

/** The differences of two sealed states (undefined: no document), in the order of the earlier one's fields. */
export function compareStates(before: unknown, after: unknown, types: ValueTypes): Change[] {
  const changes: Change[] = [];
  if (before === undefined && after === undefined) return changes;
  if (before === undefined) changes.push({ kind: "added", path: [], after: lend(after, types) });
  else if (after === undefined) changes.push({ kind: "removed", path: [], before: lend(before, types) });
  else compareValues(before, after, { before: [], after: [] }, { types, changes });
  return changes;
}

/** Where differences go. */
interface Into {
  readonly types: ValueTypes;
  readonly changes: Change[];
}

/** The place of two values that are compared, in either state: an element of an array may have moved. */
interface Places {
  readonly before: Path;
  readonly after: Path;
}

function inside(places: Places, before: string | number, after: string | number = before): Places {
  return { before: [...places.before, before], after: [...places.after, after] };
}

function compareValues(before: unknown, after: unknown, at: Places, into: Into): void {
  const { types, changes } = into;
  if (Object.is(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) compareArrays(before, after, at, into);
  else if (isPlain(before) && isPlain(after)) compareObjects(before, after, at, into);
  else if (!sameLeaf(before, after, types)) changes.push(changed(before, after, at, types));
}

function changed(before: unknown, after: unknown, at: Places, types: ValueTypes): Change {
  return { kind: "changed", path: at.after, before: lend(before, types), after: lend(after, types) };
}

function compareObjects(before: PlainObject, after: PlainObject, at: Places, into: Into): void {
  const { types, changes } = into;
  for (const key of Object.keys(before)) {
    const place = inside(at, key);
    if (hasOwn(after, key)) compareValues(before[key], after[key], place, into);
    else changes.push({ kind: "removed", path: place.before, before: lend(before[key], types) });
  }
  for (const key of Object.keys(after)) {
    if (!hasOwn(before, key))
      changes.push({ kind: "added", path: inside(at, key).after, after: lend(after[key], types) });
  }
}

function compareArrays(before: readonly unknown[], after: readonly unknown[], at: Places, into: Into): void {
  const { types, changes } = into;
  for (const step of alignByContent(before, after, types)) {
    if (step.op === "remove") {
      changes.push({
        kind: "removed",
        path: [...at.before, step.from],
        before: lend(before[step.from], types),
      });
    } else if (step.op === "add") {
      changes.push({ kind: "added", path: [...at.after, step.to], after: lend(after[step.to], types) });
    } else {
      const place = inside(at, step.from, step.to);
      const [old, now] = [before[step.from], after[step.to]];
      if (looksLikeOne(old, now, types)) compareValues(old, now, place, into);
      else if (!sameValue(old, now, types)) changes.push(changed(old, now, place, types));
    }
  }
}
