import { EverdraftError } from "./everdraft-error.ts";
import { type Failure, failureMessage } from "./failure.ts";

/**
 * The storage may be read but not written. Nothing was stored.
 */
export class StorageReadOnlyError extends EverdraftError<Failure> {
  /** Always `"storage_read_only"`. */
  readonly code = "storage_read_only" as const;

  protected override messageOf(details: StorageReadOnlyError["details"]): string {
    return failureMessage(details);
  }
}
