import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * A stored event is damaged, missing or out of its chain, so no state after it can be trusted. `verify`
 * names the first bad one.
 *
 * Of the details, `eventId` is left out where the event is missing, or its id cannot be read.
 */
export class CorruptEventError extends EverdraftError<{
  readonly id: unknown;
  readonly version: number;
  readonly reason: string;
  readonly eventId?: string;
}> {
  /** Always `"corrupt_event"`. */
  readonly code = "corrupt_event" as const;

  protected override messageOf({ id, version, reason, eventId }: CorruptEventError["details"]): string {
    const event = eventId === undefined ? "The event" : `Event ${eventId}`;
    return `${event} of document ${showId(id)}, version ${version}, cannot be folded: ${reason}. Run verify to see how far the history is whole.`;
  }
}
