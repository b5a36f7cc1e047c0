import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * The collection holds a document of this id without any history. Nothing was stored.
 */
export class NotAdoptedError extends EverdraftError<{ readonly id: unknown }> {
  /** Always `"not_adopted"`. */
  readonly code = "not_adopted" as const;

  protected override messageOf({ id }: NotAdoptedError["details"]): string {
    return `The collection holds document ${showId(id)} without any history. Use another id, take the raw document away, or import it into another collection, where it gets a history.`;
  }
}
