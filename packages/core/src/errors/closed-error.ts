import { EverdraftError } from "./everdraft-error.ts";

/**
 * The store or its storage was closed. Nothing was stored by this call.
 */
export class ClosedError extends EverdraftError {
  /** Always `"closed"`. */
  readonly code = "closed" as const;
  /** The facts of the message. */
  readonly details: { readonly what: "store" | "storage" };

  /** @param details the facts of the message */
  constructor(message: string, details: ClosedError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
