import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

const remedies = {
  _everdraft: "the library keeps its own facts there; use another name",
  _id: "it must be left out or equal the document's id",
} as const;

/**
 * A state names a top-level field that belongs to the library (`_everdraft`) or an `_id` other than the
 * document's id. Nothing was stored.
 */
export class ReservedFieldError extends EverdraftError<{
  readonly id: unknown;
  readonly field: "_everdraft" | "_id";
}> {
  /** Always `"reserved_field"`. */
  readonly code = "reserved_field" as const;

  protected override messageOf({ id, field }: ReservedFieldError["details"]): string {
    return `Cannot store document ${showId(id)} with a top-level ${field}: ${remedies[field]}.`;
  }
}
