import { EverdraftError } from "./everdraft-error.ts";

/**
 * A document's id is not one that the storage takes: a non-empty string of at most 1,024 bytes, or another
 * kind that the adapter declares. Nothing was read or stored.
 *
 * Of the details, `longest` is how many bytes a text may take.
 */
export class IdError extends EverdraftError<{ readonly reason: string; readonly longest: number }> {
  /** Always `"id"`. */
  readonly code = "id" as const;

  protected override messageOf({ reason, longest }: IdError["details"]): string {
    return `This is no document's id: ${reason}. Ids are texts of 1 to ${longest} bytes, or of another kind that the storage declares.`;
  }
}
