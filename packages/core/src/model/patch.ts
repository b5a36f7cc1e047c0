import type { Path } from "./path.ts";

/**
 * One step of a change, in Immer's form with JSON Patch's meaning: `add` into an array inserts. The empty
 * path is the whole state: its `replace` makes the document, its `remove` takes it away. Paths are arrays
 * since keys may hold any character.
 */
export type Patch =
  | { readonly op: "add" | "replace"; readonly path: Path; readonly value: unknown }
  | { readonly op: "remove"; readonly path: Path };
