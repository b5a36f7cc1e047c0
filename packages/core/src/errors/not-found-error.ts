import { EverdraftError } from "./everdraft-error.ts";

/**
 * The document has never existed in this store. Nothing was stored.
 */
export class NotFoundError extends EverdraftError {
  /** Always `"not_found"`. */
  readonly code = "not_found" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown };

  /** @param details the facts of the message */
  constructor(message: string, details: NotFoundError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
