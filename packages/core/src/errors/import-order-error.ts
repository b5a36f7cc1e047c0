import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * The revisions of an imported document are not in order of time. The revisions stored before stay; a rerun goes on
 * there.
 */
export class ImportOrderError extends EverdraftError<{
  readonly id: unknown;
  readonly revision: number;
  readonly reason: string;
}> {
  /** Always `"import_order"`. */
  readonly code = "import_order" as const;

  protected override messageOf({ id, revision, reason }: ImportOrderError["details"]): string {
    return `Revision ${revision} of document ${showId(id)} cannot be taken: ${reason}. Give the revisions of a document in the order of their times.`;
  }
}
