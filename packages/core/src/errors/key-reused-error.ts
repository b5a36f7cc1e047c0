import { EverdraftError } from "./everdraft-error.ts";

/**
 * An idempotency key was used before for another act (another user, call, state or moment). Nothing was
 * stored by this call.
 */
export class KeyReusedError extends EverdraftError {
  /** Always `"key_reused"`. */
  readonly code = "key_reused" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly eventId: string; readonly version: number };

  /** @param details the facts of the message */
  constructor(message: string, details: KeyReusedError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
