import { current, isDraft } from "immer";
import { checkElements } from "../value/normalise.ts";
import type { Path } from "../value/path.ts";
import { isSealed } from "../value/seal.ts";
import { isContainer } from "../value/value.ts";

/** The state that a draft stands for, as plain values, while its drafts still live. Throws ValueError. */
export function copyDraft(draft: object): unknown {
  const copy: unknown = current(draft);
  refuseLossesOf(draft, copy, []);
  return withoutDrafts(copy);
}

/** Immer's copy takes frozen objects as they are, with the drafts that they may hold: then they are copied too. */
function withoutDrafts(value: unknown): unknown {
  if (!isContainer(value) || isSealed(value)) return value;
  if (isDraft(value)) return copyDraft(value);
  let copy: object | undefined;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    const inner: unknown = Reflect.get(value, key);
    const plain = withoutDrafts(inner);
    if (plain === inner) continue;
    // of an array with all that it should not hold, so that it is refused
    copy ??= Object.assign(Array.isArray(value) ? value.slice() : {}, value);
    Reflect.set(copy, key, plain);
  }
  return copy ?? value;
}

/**
 * Copying an array leaves out all that it holds beside its elements, so the copied array is searched for such fields.
 * Stops at parts that the recipe did not change.
 */
function refuseLossesOf(copied: unknown, copy: unknown, path: Path): void {
  if (copied === copy || !isContainer(copied) || !isContainer(copy) || isSealed(copy)) return;
  if (Array.isArray(copied)) checkElements(copied, path);
  const keys = Array.isArray(copy) ? copy.keys() : Object.keys(copy);
  for (const key of keys) {
    const inner: unknown = Reflect.get(copy, key);
    // asked for in this way a draft gives the value that it holds, and makes no new draft of it
    if (isContainer(inner)) {
      refuseLossesOf(Reflect.getOwnPropertyDescriptor(copied, key)?.value, inner, [...path, key]);
    }
  }
}

/** Throws ValueError at a list that holds more than its elements; for values without drafts. Stops at sealed parts. */
export function refuseLosses(value: unknown): void {
  refuseInside(value, []);
}

// one path for all, since a copy for each level of a state that nests without end would take long
function refuseInside(value: unknown, path: (string | number)[]): void {
  if (!isContainer(value) || isSealed(value)) return;
  if (Array.isArray(value)) checkElements(value, path);
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    path.push(key);
    refuseInside(Reflect.get(value, key), path);
    path.pop();
  }
}
