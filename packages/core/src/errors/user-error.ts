import { EverdraftError } from "./everdraft-error.ts";

/**
 * The user's id is missing or not one that the storage takes. Every write names its user. Nothing was
 * stored.
 */
export class UserError extends EverdraftError {
  /** Always `"user"`. */
  readonly code = "user" as const;
  /** The facts of the message. */
  readonly details: { readonly reason: string };

  /** @param details the facts of the message */
  constructor(message: string, details: UserError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
