import { EverdraftError } from "./everdraft-error.ts";
import { type Failure, failureMessage } from "./failure.ts";

/**
 * Other processes kept the storage locked for too long. Nothing was stored; a retry is safe.
 */
export class StorageBusyError extends EverdraftError<Failure> {
  /** Always `"storage_busy"`. */
  readonly code = "storage_busy" as const;

  protected override messageOf(details: StorageBusyError["details"]): string {
    return failureMessage(details);
  }
}
