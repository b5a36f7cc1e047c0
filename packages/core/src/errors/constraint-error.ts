import { EverdraftError } from "./everdraft-error.ts";

/**
 * The view collection refused the document's content (a unique index or a validator), and event and view are
 * stored together. Nothing was stored.
 */
export class ConstraintError extends EverdraftError {
  /** Always `"constraint"`. */
  readonly code = "constraint" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown };

  /** @param details the facts of the message */
  constructor(message: string, details: ConstraintError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
