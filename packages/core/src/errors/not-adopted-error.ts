import { EverdraftError } from "./everdraft-error.ts";

/**
 * The collection holds a document of this id without any history. Nothing was stored.
 */
export class NotAdoptedError extends EverdraftError {
  /** Always `"not_adopted"`. */
  readonly code = "not_adopted" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown };

  /** @param details the facts of the message */
  constructor(message: string, details: NotAdoptedError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
