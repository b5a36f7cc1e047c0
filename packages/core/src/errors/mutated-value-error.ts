import { EverdraftError } from "./everdraft-error.ts";

/**
 * A recipe changed a Date, bytes or another value in place, which no draft can see. Assign a new value
 * instead. Nothing was stored.
 */
export class MutatedValueError extends EverdraftError {
  /** Always `"mutated_value"`. */
  readonly code = "mutated_value" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly path: readonly (string | number)[] };

  /** @param details the facts of the message */
  constructor(message: string, details: MutatedValueError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
