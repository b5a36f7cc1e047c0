import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * The view has a version that the log does not have, as after a half-restored backup. `repair` rewrites it
 * from the log. Nothing was stored.
 */
export class ViewAheadError extends EverdraftError<{
  readonly id: unknown;
  readonly view: number;
  readonly head: number;
}> {
  /** Always `"view_ahead"`. */
  readonly code = "view_ahead" as const;

  protected override messageOf({ id, view, head }: ViewAheadError["details"]): string {
    const remedy = head === 0 ? "take the view away" : "let repair rewrite the view from it";
    return `The view of document ${showId(id)} has version ${view}, but the log ends at ${head}, as after a half-restored backup. Restore the log, or ${remedy}.`;
  }
}
