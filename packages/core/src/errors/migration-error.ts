import { EverdraftError } from "./everdraft-error.ts";

/**
 * A migration gave no state that can be stored, or, in work over many documents and in notices, it threw. `cause` has what it
 * threw, or what is wrong with its result. Whoever asks for one state gets what the migration threw as it is. Nothing was
 * stored.
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
