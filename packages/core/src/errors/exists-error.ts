import { EverdraftError } from "./everdraft-error.ts";

/**
 * `create` found a living document. Nothing was stored.
 */
export class ExistsError extends EverdraftError {
  /** Always `"exists"`. */
  readonly code = "exists" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly version: number };

  /** @param details the facts of the message */
  constructor(message: string, details: ExistsError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
