import { EverdraftError } from "./everdraft-error.ts";

/**
 * A recipe used or stored a draft that was kept from an earlier recipe. Drafts end with their recipe.
 * Nothing was stored.
 */
export class KeptDraftError extends EverdraftError {
  /** Always `"kept_draft"`. */
  readonly code = "kept_draft" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown };

  /** @param details the facts of the message */
  constructor(message: string, details: KeptDraftError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
