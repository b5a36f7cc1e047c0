import { EverdraftError } from "./everdraft-error.ts";
import { type Failure, failureMessage } from "./failure.ts";

/**
 * The database that the storage had open was taken from under it: removed, replaced, or put back from a backup. It
 * takes no more calls; every later one fails with this error.
 */
export class StorageReplacedError extends EverdraftError<Failure & { readonly inDoubt: boolean }> {
  /** Always `"storage_replaced"`. */
  readonly code = "storage_replaced" as const;

  protected override messageOf(details: StorageReplacedError["details"]): string {
    const message = failureMessage(details);
    return details.inDoubt ? `${message} The call's write may be lost with it.` : message;
  }
}
