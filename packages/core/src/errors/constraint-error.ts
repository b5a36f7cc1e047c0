import { EverdraftError } from "./everdraft-error.ts";

/**
 * The view collection refused the document's content (a unique index or a validator). Where event and view are
 * stored together nothing was stored; elsewhere the event is, and rebuild and sweep tell of its view so.
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
