import { EverdraftError } from "./everdraft-error.ts";
import { type Failure, failureMessage } from "./failure.ts";
import { showId, showPath } from "./show.ts";

/** A value that the library refuses itself. */
type Refused = {
  readonly path: readonly (string | number)[];
  readonly reason: string;
  /** The document, where it is known. */
  readonly id?: unknown;
  /** The revision of an import that holds the value. */
  readonly revision?: number;
  readonly remedy?: string;
};

/**
 * A value cannot be stored so that it comes back exactly. `details.path` says where it is. Nothing was
 * stored; a retry with the same value fails again.
 *
 * Of the details, `id` and `revision` are there where the value is known to be of them; the storage's failure is there
 * where only its driver refused the value.
 */
export class ValueError extends EverdraftError<
  Refused | ({ readonly path: readonly (string | number)[] } & Failure)
> {
  /** Always `"value"`. */
  readonly code = "value" as const;

  protected override messageOf(details: ValueError["details"]): string {
    if ("operation" in details) return failureMessage(details);
    const { reason, remedy } = details;
    return `Cannot store ${nameOf(details)}: ${reason}.${remedy === undefined ? "" : ` ${remedy}`}`;
  }
}

function nameOf({ path, id, revision }: Refused): string {
  if (id === undefined) return `the value at ${showPath(path)}`;
  const document = `document ${showId(id)}`;
  const whole = revision === undefined ? document : `revision ${revision} of ${document}`;
  return path.length === 0 ? whole : `the value at ${showPath(path)} of ${whole}`;
}
