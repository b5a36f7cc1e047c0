import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * The call ended while its last try was in doubt: the event may be stored, now or a little later. Ask
 * `resolve(id, { eventId, version })`; never simply retry without an idempotency key.
 */
export class IndeterminateError extends EverdraftError<{
  readonly id: unknown;
  readonly eventId: string;
  readonly version: number;
}> {
  /** Always `"indeterminate"`. */
  readonly code = "indeterminate" as const;

  protected override messageOf({ id, eventId, version }: IndeterminateError["details"]): string {
    return `The write to document ${showId(id)} ended while it was in doubt whether version ${version} was stored. Ask resolve(id, { eventId: "${eventId}", version: ${version} }).`;
  }
}
