import { EverdraftError } from "./everdraft-error.ts";

/**
 * The disk or the storage's size limit is full. Nothing was stored; a retry is safe once there is room.
 */
export class StorageFullError extends EverdraftError {
  /** Always `"storage_full"`. */
  readonly code = "storage_full" as const;
  /** The facts of the message. */
  readonly details: { readonly operation: string };

  /** @param details the facts of the message */
  constructor(message: string, details: StorageFullError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
