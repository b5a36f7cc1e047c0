import { EverdraftError } from "./everdraft-error.ts";

/**
 * The call ran out of time. Of a write nothing was sent (else it ends IndeterminateError), so nothing was stored, and a
 * retry is safe.
 */
export class TimeoutError extends EverdraftError {
  /** Always `"timeout"`. */
  readonly code = "timeout" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly timeoutMs: number };

  /** @param details the facts of the message */
  constructor(message: string, details: TimeoutError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
