import { EverdraftError } from "./everdraft-error.ts";

/**
 * A migration threw or gave something that is not a state; `cause` has what it threw. Nothing was stored.
 */
export class MigrationError extends EverdraftError {
  /** Always `"migration"`. */
  readonly code = "migration" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly from: number };

  /** @param details the facts of the message */
  constructor(message: string, details: MigrationError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
