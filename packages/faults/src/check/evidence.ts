import type { Verified } from "@everdraft/core";
import type { StoredEvent, View } from "@everdraft/core/adapter";
import type { Recorded } from "../history.ts";

/** A document as the store held it at the end. */
export interface Kept {
  readonly doc: string;
  /** All its events by version; doubled versions one after another. */
  readonly events: readonly StoredEvent[];
  readonly view: View | undefined;
  /** The findings of `verify`. */
  readonly verified: Pick<Verified, "ok" | "findings">;
}

/** The evidence of a run: everything that the checker judges by. */
export interface Evidence {
  readonly records: readonly Recorded[];
  readonly kept: readonly Kept[];
  /** When the unique index over the slots was dropped, where that was the fault. */
  readonly unguardedSince?: number;
}
