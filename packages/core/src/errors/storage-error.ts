import { EverdraftError } from "./everdraft-error.ts";

/**
 * The storage failed in a way that has no error of its own; `cause` is the driver's error. A write that was
 * sent is decided by `resolve`.
 */
export class StorageError extends EverdraftError {
  /** Always `"storage"`. */
  readonly code = "storage" as const;
  /** The facts of the message. */
  readonly details: { readonly operation: string };

  /** @param details the facts of the message */
  constructor(message: string, details: StorageError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
