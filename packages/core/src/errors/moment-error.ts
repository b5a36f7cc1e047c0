import { EverdraftError } from "./everdraft-error.ts";

/**
 * A moment is neither a valid Date nor `{ version }` with a whole number from 1. Nothing was read.
 */
export class MomentError extends EverdraftError {
  /** Always `"moment"`. */
  readonly code = "moment" as const;
  /** The facts of the message. */
  readonly details: { readonly reason: string };

  /** @param details the facts of the message */
  constructor(message: string, details: MomentError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
