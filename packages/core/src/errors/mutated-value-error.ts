import { EverdraftError } from "./everdraft-error.ts";
import { showId, showPath } from "./show.ts";

/**
 * A recipe changed a Date, bytes or another value in place, which no draft can see. Assign a new value
 * instead. Nothing was stored.
 */
export class MutatedValueError extends EverdraftError<{
  readonly id: unknown;
  readonly path: readonly (string | number)[];
}> {
  /** Always `"mutated_value"`. */
  readonly code = "mutated_value" as const;

  protected override messageOf({ id, path }: MutatedValueError["details"]): string {
    return `The recipe for document ${showId(id)} changed the value at ${showPath(path)} in place, which no draft can see. Assign a new value.`;
  }
}
