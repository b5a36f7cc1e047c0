import type { Edit, EditName, Scene } from "./edit.ts";
import { listEdits } from "./list-edits.ts";
import { objectEdits } from "./object-edits.ts";
import { placeEdits } from "./place-edits.ts";
import type { Place } from "./places.ts";

/** The names of all kinds of edits. */
export const editNames: readonly EditName[] = [
  ...keysOf(listEdits),
  ...keysOf(objectEdits),
  ...keysOf(placeEdits),
];

function keysOf<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(table).filter((key): key is K => key in table);
}

/** Does one edit, or nothing where it cannot be done. */
export function runEdit(edit: Edit, place: Place, target: Place, originalOf: Scene["originalOf"]): void {
  const scene = { ...edit, place, target, originalOf };
  const { container } = place;
  if (hasKey(placeEdits, edit.op)) placeEdits[edit.op](scene);
  else if (Array.isArray(container)) {
    if (hasKey(listEdits, edit.op)) listEdits[edit.op](container, scene);
  } else if (hasKey(objectEdits, edit.op)) objectEdits[edit.op](container, scene);
}

function hasKey<K extends string>(table: Readonly<Record<K, unknown>>, key: string): key is K {
  return Object.hasOwn(table, key);
}
