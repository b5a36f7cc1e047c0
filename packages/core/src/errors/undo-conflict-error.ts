import { EverdraftError } from "./everdraft-error.ts";
import { showId, showPath } from "./show.ts";

/** A place that an undo would take back, and that a later event touched. */
export interface UndoConflict {
  /** Its path now. Of a value that is gone, the path that it would have. */
  readonly path: readonly (string | number)[];
  /** The value that the event had set; undefined where it took one away. */
  readonly set: unknown;
  /** The value there now; undefined where there is none. */
  readonly now: unknown;
  /** The later event that touched it. */
  readonly event: {
    readonly version: number;
    readonly at: Date;
    readonly by: unknown;
    readonly type: string;
    readonly eventId: string;
    readonly reason?: string;
  };
}

/** The places of an undo that later events touched. */
type UndoConflictDetails = {
  readonly id: unknown;
  /** The version that was to be undone. */
  readonly undone: number;
  /** The paths of the places, with the versions of the events that touched them. */
  readonly places: readonly { readonly path: readonly (string | number)[]; readonly version: number }[];
};

/**
 * Later events touched places that the undo would take back. Nothing was stored. A retry fails again; `onConflict: "keep"`
 * takes back the other places, `"take"` all of them, `paths` those that are named.
 */
export class UndoConflictError extends EverdraftError<UndoConflictDetails> {
  /** Always `"undo_conflict"`. */
  readonly code = "undo_conflict" as const;
  /** The places with their values, for the user who decides. Not enumerable, so that no log has values of documents. */
  declare readonly conflicts: readonly UndoConflict[];

  /** @param conflicts the places with their values */
  constructor(details: UndoConflictDetails, conflicts: readonly UndoConflict[] = []) {
    super(details);
    Object.defineProperty(this, "conflicts", { value: conflicts, enumerable: false });
  }

  protected override messageOf({ id, undone, places = [] }: UndoConflictDetails): string {
    const shown = places.slice(0, 3).map(({ path, version }) => `${showPath(path)} (version ${version})`);
    const more = places.length > 3 ? `, and ${places.length - 3} more` : "";
    return `Cannot undo version ${undone} of document ${showId(id)}: later events touched what it set: ${shown.join(", ")}${more}. Nothing was stored. See planUndo, then give onConflict: "keep" or "take", or paths.`;
  }
}
