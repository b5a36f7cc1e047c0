import { EverdraftError } from "./everdraft-error.ts";

/**
 * The newest event lies more than 60 s in the future of the server's clock. `acceptFutureHead: true` goes on
 * with the head's time. Nothing was stored.
 */
export class ClockSkewError extends EverdraftError {
  /** Always `"clock_skew"`. */
  readonly code = "clock_skew" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly headAt: string; readonly now: string };

  /** @param details the facts of the message */
  constructor(message: string, details: ClockSkewError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
