import { EverdraftError } from "./everdraft-error.ts";
import { type Failure, failureMessage } from "./failure.ts";
import { showId } from "./show.ts";

/**
 * The call ran out of time. Of a write nothing was sent (else it ends IndeterminateError), so nothing was stored, and a
 * retry is safe.
 *
 * A store names the call alone. An adapter gives the operation, and reason and remedy where it knows more than that the
 * time was up. `stored` is there where surely nothing was.
 */
export class TimeoutError extends EverdraftError<
  { readonly id: unknown; readonly timeoutMs: number; readonly stored?: "nothing" } & Partial<Failure>
> {
  /** Always `"timeout"`. */
  readonly code = "timeout" as const;

  protected override messageOf(details: TimeoutError["details"]): string {
    const message = outOfTime(details);
    return details.stored === undefined
      ? message
      : `${message} Nothing of it was stored, so it may be tried again.`;
  }
}

function outOfTime(details: TimeoutError["details"]): string {
  const { id, timeoutMs, operation } = details;
  const took = `took longer than ${Math.ceil(timeoutMs)} ms`;
  const look = "Look why the storage is slow, or give";
  if (operation === undefined) {
    const about = id === undefined ? "" : ` on document ${showId(id)}`;
    return `The call${about} ${took}. ${look} it more timeoutMs.`;
  }
  const { reason = `it ${took}`, remedy = `${look} the call more timeoutMs.` } = details;
  return failureMessage({ ...details, operation, reason, remedy });
}
