import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * `create` found a living document. Nothing was stored.
 */
export class ExistsError extends EverdraftError<{ readonly id: unknown; readonly version: number }> {
  /** Always `"exists"`. */
  readonly code = "exists" as const;

  protected override messageOf({ id, version }: ExistsError["details"]): string {
    return `Document ${showId(id)} exists already, at version ${version}. Edit or replace it.`;
  }
}
