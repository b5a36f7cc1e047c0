import { EverdraftError } from "./everdraft-error.ts";

/**
 * The database that the storage had open was taken from under it: removed, replaced, or put back from a backup. It
 * takes no more calls; every later one fails with this error.
 */
export class StorageReplacedError extends EverdraftError {
  /** Always `"storage_replaced"`. */
  readonly code = "storage_replaced" as const;
  /** The facts of the message. `inDoubt`: whether the call wrote something that may be lost. */
  readonly details: { readonly operation: string; readonly inDoubt: boolean };

  /** @param details the facts of the message */
  constructor(message: string, details: StorageReplacedError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
