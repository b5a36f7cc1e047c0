import { EverdraftError } from "./everdraft-error.ts";

/**
 * The storage engine is a version with known data loss. Nothing was opened.
 */
export class StorageOutdatedError extends EverdraftError {
  /** Always `"storage_outdated"`. */
  readonly code = "storage_outdated" as const;
  /** The facts of the message. */
  readonly details: { readonly found: string; readonly needed: string };

  /** @param details the facts of the message */
  constructor(message: string, details: StorageOutdatedError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
