import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * A projection threw, returned a promise or something that is no row, or answered the same input in two ways. The
 * event is stored all the same; the document is in the list of failures that a rebuild works off.
 *
 * Of the details, `version` is that of the event. `remedy` is the storage's, where it refused the rows.
 */
export class ProjectionError extends EverdraftError<{
  readonly projection: string;
  readonly id: unknown;
  readonly version: number;
  readonly reason: string;
  readonly remedy?: string;
}> {
  /** Always `"projection"`. */
  readonly code = "projection" as const;

  protected override messageOf({
    projection,
    id,
    version,
    reason,
    remedy,
  }: ProjectionError["details"]): string {
    const mend =
      remedy === undefined ? "; mend the projection, give it a new version, and rebuild it." : `. ${remedy}`;
    return `The projection ${projection} failed on document ${showId(id)} at version ${version}: ${reason}. Its rows stay as they were${mend}`;
  }
}
