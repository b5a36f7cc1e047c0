import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * A recipe used or stored a draft that was kept from an earlier recipe. Drafts end with their recipe.
 * Nothing was stored.
 */
export class KeptDraftError extends EverdraftError<{ readonly id: unknown }> {
  /** Always `"kept_draft"`. */
  readonly code = "kept_draft" as const;

  protected override messageOf({ id }: KeptDraftError["details"]): string {
    return `The recipe for document ${showId(id)} uses a draft of an earlier recipe. Keep ids or copies made by current(), never drafts.`;
  }
}
