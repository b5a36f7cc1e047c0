import { EverdraftError } from "./everdraft-error.ts";
import { showId, showPath } from "./show.ts";

/**
 * `history` was asked for a place that the document does not have at the moment that its path is meant for. Name a moment at
 * which the place is there, as `at`. Nothing was listed.
 *
 * In the details, `version` is the document's at that moment, and `found` says whether the document lived then.
 */
export class NoSuchPlaceError extends EverdraftError<{
  readonly id: unknown;
  readonly path: readonly (string | number)[];
  readonly version: number;
  readonly found: "document" | "nothing";
}> {
  /** Always `"no_such_place"`. */
  readonly code = "no_such_place" as const;

  protected override messageOf({ id, path, version, found }: NoSuchPlaceError["details"]): string {
    const fault = found === "document" ? "has nothing there" : "did not live";
    return `The history of ${showPath(path)} of document ${showId(id)} cannot be followed back: the document ${fault} at version ${version}. Name a moment at which the value is there, as at.`;
  }
}
