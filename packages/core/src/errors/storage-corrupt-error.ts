import { EverdraftError } from "./everdraft-error.ts";
import { type Failure, failureMessage } from "./failure.ts";

/**
 * The opened file or collection is not a database of this kind, or is damaged. Nothing was stored.
 */
export class StorageCorruptError extends EverdraftError<Failure> {
  /** Always `"storage_corrupt"`. */
  readonly code = "storage_corrupt" as const;

  protected override messageOf(details: StorageCorruptError["details"]): string {
    return failureMessage(details);
  }
}
