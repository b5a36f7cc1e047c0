import { EverdraftError } from "./everdraft-error.ts";

/**
 * The document is deleted; `restore` brings it back. Nothing was stored.
 */
export class DeletedError extends EverdraftError {
  /** Always `"deleted"`. */
  readonly code = "deleted" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly version: number };

  /** @param details the facts of the message */
  constructor(message: string, details: DeletedError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
