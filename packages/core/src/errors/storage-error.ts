import { EverdraftError } from "./everdraft-error.ts";
import { type Failure, failureMessage } from "./failure.ts";

/**
 * The storage failed in a way that has no error of its own; `cause` is the driver's error. A write that was
 * sent is decided by `resolve`.
 */
export class StorageError extends EverdraftError<Failure> {
  /** Always `"storage"`. */
  readonly code = "storage" as const;

  protected override messageOf(details: StorageError["details"]): string {
    return failureMessage(details);
  }
}
