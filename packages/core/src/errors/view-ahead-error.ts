import { EverdraftError } from "./everdraft-error.ts";

/**
 * The view has a version that the log does not have, as after a half-restored backup. `repair` rewrites it
 * from the log. Nothing was stored.
 */
export class ViewAheadError extends EverdraftError {
  /** Always `"view_ahead"`. */
  readonly code = "view_ahead" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly view: number; readonly head: number };

  /** @param details the facts of the message */
  constructor(message: string, details: ViewAheadError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
