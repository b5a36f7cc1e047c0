import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * The document is deleted; `restore` brings it back. Nothing was stored.
 */
export class DeletedError extends EverdraftError<{ readonly id: unknown; readonly version: number }> {
  /** Always `"deleted"`. */
  readonly code = "deleted" as const;

  protected override messageOf({ id, version }: DeletedError["details"]): string {
    return `Document ${showId(id)} is deleted, as of version ${version}. restore brings it back, or create makes it anew.`;
  }
}
