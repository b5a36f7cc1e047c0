import { EverdraftError } from "./everdraft-error.ts";
import { type Failure, failureMessage } from "./failure.ts";

/**
 * The disk or the storage's size limit is full. Nothing was stored; a retry is safe once there is room.
 */
export class StorageFullError extends EverdraftError<Failure> {
  /** Always `"storage_full"`. */
  readonly code = "storage_full" as const;

  protected override messageOf(details: StorageFullError["details"]): string {
    return failureMessage(details);
  }
}
