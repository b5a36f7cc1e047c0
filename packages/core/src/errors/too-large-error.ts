import { EverdraftError } from "./everdraft-error.ts";

/**
 * An event or a state is larger than the storage or the store's `limits` allow. Sizes are bytes of the
 * canonical encoding. Nothing was stored.
 */
export class TooLargeError extends EverdraftError {
  /** Always `"too_large"`. */
  readonly code = "too_large" as const;
  /** The facts of the message. */
  readonly details: { readonly what: "event" | "state"; readonly bytes: number; readonly limit: number };

  /** @param details the facts of the message */
  constructor(message: string, details: TooLargeError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
