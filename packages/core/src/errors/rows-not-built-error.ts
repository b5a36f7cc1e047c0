import { EverdraftError } from "./everdraft-error.ts";

/**
 * The rows of a projection were asked for before a rebuild completed them. Nothing was changed.
 *
 * Of the details, `version` is that of the projection here, `active` the one that is in use, 0 for none.
 */
export class RowsNotBuiltError extends EverdraftError<{
  readonly projection: string;
  readonly version: number;
  readonly active: number;
}> {
  /** Always `"rows_not_built"`. */
  readonly code = "rows_not_built" as const;

  protected override messageOf({ projection, version, active }: RowsNotBuiltError["details"]): string {
    const rows = `The rows of projection ${projection}, version ${version},`;
    return active > version
      ? `${rows} were dropped; version ${active} is in use. Deploy the code that has it.`
      : `${rows} are not complete: there are documents from before it. Rebuild it once.`;
  }
}
