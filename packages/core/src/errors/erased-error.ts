import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * The payload of an event was erased, so the states behind it cannot be told, up to the next snapshot. The chain of hashes
 * still links. A retry does not help.
 */
export class ErasedError extends EverdraftError<{
  readonly id: unknown;
  readonly version: number;
  readonly eventId: string;
}> {
  /** Always `"erased"`. */
  readonly code = "erased" as const;

  protected override messageOf({ id, version, eventId }: ErasedError["details"]): string {
    return `The payload of event ${eventId} of document ${showId(id)}, version ${version}, was erased, so the state behind it cannot be told. Ask for a version before it, or for one behind a later snapshot.`;
  }
}
