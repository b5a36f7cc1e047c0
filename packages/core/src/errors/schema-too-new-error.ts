import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * A state has a higher schema version than this store's. Deploy the newer migrations. Nothing was stored.
 */
export class SchemaTooNewError extends EverdraftError<{
  readonly id: unknown;
  readonly found: number;
  readonly known: number;
}> {
  /** Always `"schema_too_new"`. */
  readonly code = "schema_too_new" as const;

  protected override messageOf({ id, found, known }: SchemaTooNewError["details"]): string {
    return `Document ${showId(id)} has schema version ${found}, and this store knows up to ${known}. Deploy the newer migrations.`;
  }
}
