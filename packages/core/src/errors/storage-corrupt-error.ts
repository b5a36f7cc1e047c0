import { EverdraftError } from "./everdraft-error.ts";

/** The storage is not a database of this kind, or is damaged. Nothing was stored. */
export class StorageCorruptError extends EverdraftError {
  /** Always `"storage_corrupt"`. */
  readonly code = "storage_corrupt" as const;
  /** The facts of the message. */
  readonly details: { readonly operation: string };

  /** @param details the facts of the message */
  constructor(message: string, details: StorageCorruptError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
