import { EverdraftError } from "./everdraft-error.ts";
import { type Failure, failureMessage } from "./failure.ts";
import { showId } from "./show.ts";

/**
 * An event or a state is larger than the storage or the store's `limits` allow. Sizes are bytes of the
 * canonical encoding. Nothing was stored.
 *
 * Of the details, `form` names another encoding in which a storage counts. Where only the storage's answer tells that it
 * is too large, `bytes` is NaN and the failure tells the rest.
 */
export class TooLargeError extends EverdraftError<
  { readonly what: "event" | "state"; readonly bytes: number; readonly limit: number } & (
    | { readonly id: unknown; readonly form?: string }
    | Failure
  )
> {
  /** Always `"too_large"`. */
  readonly code = "too_large" as const;

  protected override messageOf(details: TooLargeError["details"]): string {
    if ("operation" in details) return failureMessage(details);
    const { what, bytes, limit, id, form } = details;
    return `The ${what} of document ${showId(id)} would take ${bytes} bytes${form === undefined ? "" : ` in ${form}`}, more than the ${limit} that are allowed. Store large parts elsewhere, or in documents of their own.`;
  }
}
