import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * Another writer took the version. Nothing of this call was stored; a retry on the newer state is safe.
 */
export class ConflictError extends EverdraftError<{
  readonly id: unknown;
  readonly expected: number;
  readonly found: number;
  readonly by: unknown;
  readonly foundBy: unknown;
}> {
  /** Always `"conflict"`. */
  readonly code = "conflict" as const;

  protected override messageOf({ id, expected, found, by, foundBy }: ConflictError["details"]): string {
    return `The write of ${showId(by)} to document ${showId(id)} expected version ${expected}, but found version ${found} by ${showId(foundBy)}. Read the newer state and decide again.`;
  }
}
