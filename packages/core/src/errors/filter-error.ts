import { EverdraftError } from "./everdraft-error.ts";

/**
 * A filter, sort or selection uses something outside the subset that every storage answers alike. Nothing
 * was read.
 */
export class FilterError extends EverdraftError {
  /** Always `"filter"`. */
  readonly code = "filter" as const;
  /** The facts of the message. */
  readonly details: { readonly path: string; readonly reason: string };

  /** @param details the facts of the message */
  constructor(message: string, details: FilterError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
