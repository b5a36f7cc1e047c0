import { EverdraftError } from "./everdraft-error.ts";

/**
 * `revert` was asked to go to a moment at which the document did not exist. Use `delete`. Nothing was
 * stored.
 */
export class AbsentError extends EverdraftError {
  /** Always `"absent"`. */
  readonly code = "absent" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly version: number };

  /** @param details the facts of the message */
  constructor(message: string, details: AbsentError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
