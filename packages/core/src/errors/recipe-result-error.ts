import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * A recipe returned a value that is neither undefined nor its draft. Use `replace` for a whole new state.
 * Nothing was stored.
 */
export class RecipeResultError extends EverdraftError<{ readonly id: unknown }> {
  /** Always `"recipe_result"`. */
  readonly code = "recipe_result" as const;

  protected override messageOf({ id }: RecipeResultError["details"]): string {
    return `The recipe for document ${showId(id)} returned a value. Change the draft and return nothing, or use replace.`;
  }
}
