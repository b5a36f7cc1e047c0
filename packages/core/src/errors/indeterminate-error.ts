import { EverdraftError } from "./everdraft-error.ts";

/**
 * The call ended while its last try was in doubt: the event may be stored, now or a little later. Ask
 * `resolve(id, { eventId, version })`; never simply retry without an idempotency key.
 */
export class IndeterminateError extends EverdraftError {
  /** Always `"indeterminate"`. */
  readonly code = "indeterminate" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly eventId: string; readonly version: number };

  /** @param details the facts of the message */
  constructor(message: string, details: IndeterminateError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
