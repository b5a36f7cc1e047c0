import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * A recipe returned a promise. Recipes run synchronously, and may run again on a newer state. Nothing was
 * stored.
 */
export class AsyncRecipeError extends EverdraftError<{ readonly id: unknown }> {
  /** Always `"recipe_async"`. */
  readonly code = "recipe_async" as const;

  protected override messageOf({ id }: AsyncRecipeError["details"]): string {
    return `The recipe for document ${showId(id)} is asynchronous. Await what it needs before calling edit.`;
  }
}
