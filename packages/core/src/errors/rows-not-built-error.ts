import { EverdraftError } from "./everdraft-error.ts";

/** The rows of a projection were asked for before a rebuild completed them. Nothing was changed. */
export class RowsNotBuiltError extends EverdraftError {
  /** Always `"rows_not_built"`. */
  readonly code = "rows_not_built" as const;
  /** The facts of the message; `version` is that of the projection. */
  readonly details: { readonly projection: string; readonly version: number };

  /** @param details the facts of the message */
  constructor(message: string, details: RowsNotBuiltError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
