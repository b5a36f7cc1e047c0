import { EverdraftError } from "./everdraft-error.ts";

/**
 * A document's id is not one that the storage takes: a non-empty string of at most 1,024 bytes, or another
 * kind that the adapter declares. Nothing was read or stored.
 */
export class IdError extends EverdraftError {
  /** Always `"id"`. */
  readonly code = "id" as const;
  /** The facts of the message. */
  readonly details: { readonly reason: string };

  /** @param details the facts of the message */
  constructor(message: string, details: IdError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
