import { EverdraftError } from "./everdraft-error.ts";

/**
 * Other processes kept the storage locked for too long. Nothing was stored; a retry is safe.
 */
export class StorageBusyError extends EverdraftError {
  /** Always `"storage_busy"`. */
  readonly code = "storage_busy" as const;
  /** The facts of the message. */
  readonly details: { readonly operation: string };

  /** @param details the facts of the message */
  constructor(message: string, details: StorageBusyError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
