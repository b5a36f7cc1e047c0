import { EverdraftError } from "./everdraft-error.ts";

/**
 * A state names a top-level field that belongs to the library (`_everdraft`) or an `_id` other than the
 * document's id. Nothing was stored.
 */
export class ReservedFieldError extends EverdraftError {
  /** Always `"reserved_field"`. */
  readonly code = "reserved_field" as const;
  /** The facts of the message. */
  readonly details: { readonly field: string };

  /** @param details the facts of the message */
  constructor(message: string, details: ReservedFieldError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
