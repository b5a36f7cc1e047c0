import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * The newest event lies more than 60 s in the future of the server's clock. `acceptFutureHead: true` goes on
 * with the head's time. Nothing was stored.
 */
export class ClockSkewError extends EverdraftError<{
  readonly id: unknown;
  readonly headAt: string;
  readonly now: string;
}> {
  /** Always `"clock_skew"`. */
  readonly code = "clock_skew" as const;

  protected override messageOf({ id, headAt, now }: ClockSkewError["details"]): string {
    return `The newest event of document ${showId(id)} is of ${headAt}, but the server's clock says ${now}. Check the clocks; { acceptFutureHead: true } goes on with the head's time.`;
  }
}
