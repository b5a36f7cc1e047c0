import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

type NewerRecord = { readonly id: unknown } & (
  | { readonly what: "event"; readonly eventId: string }
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
    return `${nameOf(details)} has format ${found}, and this library reads up to ${known}. Update the library.`;
  }
}

function nameOf(record: NewerRecord): string {
  switch (record.what) {
    case "event":
      return `Event ${record.eventId} of document ${showId(record.id)}`;
    case "snapshot":
      return `The snapshot of document ${showId(record.id)} at version ${record.version}`;
    case "storage":
      return `The storage ${record.where}`;
  }
}
