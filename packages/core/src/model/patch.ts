import type { Path } from "../value/path.ts";
import { isPlain } from "../value/value.ts";

/**
 * One step of a change, in Immer's form with JSON Patch's meaning: `add` into an array inserts. The empty
 * path is the whole state: its `replace` makes the document, its `remove` takes it away. Paths are arrays
 * since keys may hold any character.
 */
export type Patch =
  | { readonly op: "add" | "replace"; readonly path: Path; readonly value: unknown }
  | { readonly op: "remove"; readonly path: Path };

/** Whether a value may be the patches of an event that was read. Each patch is checked where it is applied. */
export function isPatches(value: unknown): value is readonly Patch[] {
  return Array.isArray(value) && value.every(isPlain);
}
