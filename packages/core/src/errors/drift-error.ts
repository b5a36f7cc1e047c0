import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

const findings = {
  changed:
    "is not what its log gives: somebody wrote to it, or to the log, directly. verify says which; repair rewrites the view from a log that is whole.",
  taken: "was taken away by another program. Its log is whole: repair rewrites the view from it.",
  unreadable:
    "holds bytes that are no state: somebody wrote to it directly, or the storage is damaged. repair rewrites it from the log.",
} as const;

/**
 * The view is not the state that the log gives: someone wrote to it behind the library's back, or took it away. `repair`
 * rewrites it from the log. Nothing was stored.
 *
 * Of the details, `found` tells how it was noticed: the view is `changed`, was `taken` away, or is `unreadable`.
 */
export class DriftError extends EverdraftError<{
  readonly id: unknown;
  readonly version: number;
  readonly found: "changed" | "taken" | "unreadable";
}> {
  /** Always `"drift"`. */
  readonly code = "drift" as const;

  protected override messageOf({ id, version, found }: DriftError["details"]): string {
    return `The view of document ${showId(id)}, version ${version}, ${findings[found]}`;
  }
}
