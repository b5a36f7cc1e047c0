import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * The document has never existed in this store. Nothing was stored.
 */
export class NotFoundError extends EverdraftError<{ readonly id: unknown }> {
  /** Always `"not_found"`. */
  readonly code = "not_found" as const;

  protected override messageOf({ id }: NotFoundError["details"]): string {
    return `There is no document ${showId(id)}, and never was one. create makes it.`;
  }
}
