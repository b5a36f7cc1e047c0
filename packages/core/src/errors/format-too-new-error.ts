import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

type NewerRecord = { readonly id: unknown } & (
  | {
      readonly what: "event";
      readonly version: number;
      /** Left out where it cannot be read. */
      readonly eventId?: string;
      /** The part that is too new, where the format is known. */
      readonly part?: string;
    }
  | { readonly what: "snapshot"; readonly version: number }
  | { readonly what: "storage"; readonly where: string }
);

/**
 * A record was written in a newer format than this version of the library reads. Update the library. Nothing
 * was stored.
 */
export class FormatTooNewError extends EverdraftError<
  NewerRecord & { readonly found: number; readonly known: number }
> {
  /** Always `"format_too_new"`. */
  readonly code = "format_too_new" as const;

  protected override messageOf(details: FormatTooNewError["details"]): string {
    const { found, known } = details;
    if (details.what === "event" && details.part !== undefined)
      return `${nameOf(details)} holds ${details.part}, which this library does not read yet. Update the library.`;
    return `${nameOf(details)} has format ${found}, and this library reads up to ${known}. Update the library.`;
  }
}

function nameOf(record: NewerRecord): string {
  switch (record.what) {
    case "event":
      return `${record.eventId === undefined ? "The event" : `Event ${record.eventId}`} of document ${showId(record.id)}, version ${record.version},`;
    case "snapshot":
      return `The snapshot of document ${showId(record.id)} at version ${record.version}`;
    case "storage":
      return `The storage ${record.where}`;
  }
}
