import { EverdraftError } from "./everdraft-error.ts";

/**
 * The view is not the state that the log gives: someone wrote to it behind the library's back, or took it away. `repair`
 * rewrites it from the log. Nothing was stored.
 */
export class DriftError extends EverdraftError {
  /** Always `"drift"`. */
  readonly code = "drift" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly version: number };

  /** @param details the facts of the message */
  constructor(message: string, details: DriftError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
