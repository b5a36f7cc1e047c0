import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * A moment names a version above the document's newest. Safe to retry once that version was written.
 */
export class VersionAheadError extends EverdraftError<{
  readonly id: unknown;
  readonly version: number;
  readonly head: number;
}> {
  /** Always `"version_ahead"`. */
  readonly code = "version_ahead" as const;

  protected override messageOf({ id, version, head }: VersionAheadError["details"]): string {
    return `Document ${showId(id)} has no version ${version}; its newest is ${head}. Name one up to that, or a date.`;
  }
}
