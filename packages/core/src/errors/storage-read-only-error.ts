import { EverdraftError } from "./everdraft-error.ts";

/**
 * The storage may be read but not written. Nothing was stored.
 */
export class StorageReadOnlyError extends EverdraftError {
  /** Always `"storage_read_only"`. */
  readonly code = "storage_read_only" as const;
  /** The facts of the message. */
  readonly details: { readonly operation: string };

  /** @param details the facts of the message */
  constructor(message: string, details: StorageReadOnlyError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
