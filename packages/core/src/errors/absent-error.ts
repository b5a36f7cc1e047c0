import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * `revert` was asked to go to a moment at which the document did not exist. Use `delete`. Nothing was
 * stored.
 */
export class AbsentError extends EverdraftError<{ readonly id: unknown; readonly version: number }> {
  /** Always `"absent"`. */
  readonly code = "absent" as const;

  protected override messageOf({ id, version }: AbsentError["details"]): string {
    const deleted = version === 0 ? "" : ` (it was deleted, version ${version})`;
    return `Document ${showId(id)} did not exist at that moment${deleted}. Name a moment at which it did, or use delete.`;
  }
}
