import { EverdraftError } from "./everdraft-error.ts";

/**
 * A state has a higher schema version than this store's. Deploy the newer migrations. Nothing was stored.
 */
export class SchemaTooNewError extends EverdraftError {
  /** Always `"schema_too_new"`. */
  readonly code = "schema_too_new" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly found: number; readonly known: number };

  /** @param details the facts of the message */
  constructor(message: string, details: SchemaTooNewError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
