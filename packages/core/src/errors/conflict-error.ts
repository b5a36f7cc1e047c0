import { EverdraftError } from "./everdraft-error.ts";

/**
 * Another writer took the version. Nothing of this call was stored; a retry on the newer state is safe.
 */
export class ConflictError extends EverdraftError {
  /** Always `"conflict"`. */
  readonly code = "conflict" as const;
  /** The facts of the message. */
  readonly details: {
    readonly id: unknown;
    readonly expected: number;
    readonly found: number;
    readonly by: unknown;
    readonly foundBy: unknown;
  };

  /** @param details the facts of the message */
  constructor(message: string, details: ConflictError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
