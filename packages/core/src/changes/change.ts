import type { Path } from "../value/path.ts";

/** A run of words of a text that changed: in both texts, in the later one alone, or in the earlier one alone. */
export interface TextRun {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
}

/** The facts that every change has. */
interface Place {
  /** The path of a removed value in the earlier state, of all else in the later one. The empty path is the whole document. */
  readonly path: Path;
  /**
   * The path with elements of arrays by their names: an element with an `id`, `_id` or `key` by that, the others by their
   * index. Left out where it is the path itself.
   */
  readonly named?: Path;
}

/**
 * One difference between two states, for people. A `moved` element of an array has another place among those that stayed;
 * `from` is its path in the earlier state, and each change inside of it comes as one of its own. `text` is there for
 * long texts.
 */
export type Change =
  | (Place & { readonly kind: "added"; readonly after: unknown })
  | (Place & { readonly kind: "removed"; readonly before: unknown })
  | (Place & {
      readonly kind: "changed";
      readonly before: unknown;
      readonly after: unknown;
      readonly text?: readonly TextRun[];
    })
  | (Place & { readonly kind: "moved"; readonly from: Path });
