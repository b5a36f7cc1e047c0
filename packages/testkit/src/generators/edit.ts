import { isTopLevelKey } from "./nasty-keys.ts";
import { holds, type Place, put } from "./places.ts";

/** The edits of arrays. */
export type ListEditName =
  | "push"
  | "pushTwo"
  | "pop"
  | "shift"
  | "unshift"
  | "splice"
  | "truncate"
  | "setIndex"
  | "sort"
  | "reverse"
  | "swapIndexes"
  | "moveIndex"
  | "editElement"
  | "filter"
  | "map"
  | "concat";

/** The edits of plain objects. */
export type ObjectEditName = "set" | "remove" | "undo" | "removeAndSet" | "spread" | "assign" | "writeBack";

/** The edits that put a container at another place. */
export type PlaceEditName =
  | "alias"
  | "wrapInObject"
  | "wrapInList"
  | "wrapSpread"
  | "move"
  | "swap"
  | "originalElsewhere";

/** The kinds of edits. */
export type EditName = ListEditName | ObjectEditName | PlaceEditName;

/** One random edit. Numbers choose places, indexes and counts, modulo how many there are. */
export interface Edit {
  /** The kind of the edit. */
  readonly op: EditName;
  /** The container that is edited. */
  readonly at: number;
  /** The container that something is put into, or swapped with. */
  readonly other: number;
  /** A key to set. */
  readonly key: string;
  /** A first index or count. */
  readonly i: number;
  /** A second one. */
  readonly j: number;
  /** A new value. */
  readonly value: unknown;
}

/** The values that an edit can use. */
export interface Scene extends Edit {
  /** The place that is edited. */
  readonly place: Place;
  /** The place that something is put into. */
  readonly target: Place;
  /** Gives the base of a draft, or undefined. */
  readonly originalOf: (draft: object) => unknown;
}

/** The key that an edit sets in an object: at the top of a state not every key may stand. */
export function keyIn(place: Place, { key }: Edit): string {
  return place.parent === undefined && !isTopLevelKey(key) ? "a" : key;
}

/** Puts a value where a place is now. */
export function replaceAt({ parent, key }: Place, value: unknown): void {
  if (parent !== undefined && key !== undefined && !Object.isFrozen(parent.container))
    put(parent.container, key, value);
}

/** Whether the edited container may be put into the target without a cycle. */
export function fits({ place, target }: Scene): boolean {
  return (
    place.parent !== undefined &&
    !holds(place.container, target.container) &&
    !Object.isFrozen(target.container)
  );
}
