import { EverdraftError } from "./everdraft-error.ts";

/**
 * A stored event is damaged, missing or out of its chain, so no state after it can be trusted. `verify`
 * names the first bad one.
 */
export class CorruptEventError extends EverdraftError {
  /** Always `"corrupt_event"`. */
  readonly code = "corrupt_event" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly version: number; readonly reason: string };

  /** @param details the facts of the message */
  constructor(message: string, details: CorruptEventError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
