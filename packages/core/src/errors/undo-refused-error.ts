import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * An event that cannot be undone, as of its type or because the document was deleted since. Nothing was stored; a retry
 * fails again. The message names the call to use.
 */
export class UndoRefusedError extends EverdraftError<{
  readonly id: unknown;
  readonly version: number;
  readonly type: string;
  readonly reason: string;
  readonly remedy: string;
}> {
  /** Always `"undo_refused"`. */
  readonly code = "undo_refused" as const;

  protected override messageOf({ id, version, type, reason, remedy }: UndoRefusedError["details"]): string {
    return `Cannot undo version ${version} of document ${showId(id)}, of type ${type}: ${reason}. ${remedy}`;
  }
}
