import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * A migration gave no state that can be stored, or, in work over many documents and in notices, it threw. `cause` has its
 * error, or the fault of its result. Whoever asks for one state gets the migration's error as it is. Nothing was stored.
 */
export class MigrationError extends EverdraftError<{
  readonly id: unknown;
  readonly from: number;
  readonly reason: string;
}> {
  /** Always `"migration"`. */
  readonly code = "migration" as const;

  protected override messageOf({ id, from, reason }: MigrationError["details"]): string {
    return `Document ${showId(id)} cannot be migrated from schema version ${from} to ${from + 1}: ${reason}. The cause says why.`;
  }
}
