import { EverdraftError } from "./everdraft-error.ts";

/**
 * A migration gave no state that can be stored, or, in work over many documents and in notices, it threw. `cause` has its
 * error, or the fault of its result. Whoever asks for one state gets the migration's error as it is. Nothing was stored.
 */
export class MigrationError extends EverdraftError {
  /** Always `"migration"`. */
  readonly code = "migration" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly from: number; readonly reason: string };

  /** @param details the facts of the message */
  constructor(message: string, details: MigrationError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
