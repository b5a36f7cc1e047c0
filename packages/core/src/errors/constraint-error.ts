import { EverdraftError } from "./everdraft-error.ts";
import { type Failure, failureMessage } from "./failure.ts";

/**
 * The view collection refused the document's content (a unique index or a validator). Where event and view are
 * stored together nothing was stored; elsewhere the event is, and rebuild and sweep tell of its view so.
 */
export class ConstraintError extends EverdraftError<Failure & { readonly id: unknown }> {
  /** Always `"constraint"`. */
  readonly code = "constraint" as const;

  protected override messageOf(details: ConstraintError["details"]): string {
    return failureMessage(details);
  }
}
