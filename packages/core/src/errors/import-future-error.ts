import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * An imported revision lies in the future. The events stored before stay; a rerun goes on there.
 */
export class ImportFutureError extends EverdraftError<{ readonly id: unknown; readonly revision: number }> {
  /** Always `"import_future"`. */
  readonly code = "import_future" as const;

  protected override messageOf({ id, revision }: ImportFutureError["details"]): string {
    return `Revision ${revision} of document ${showId(id)} lies in the future. Check its time, and this machine's clock.`;
  }
}
