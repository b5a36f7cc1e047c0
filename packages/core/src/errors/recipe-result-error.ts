import { EverdraftError } from "./everdraft-error.ts";

/**
 * A recipe returned a value that is neither undefined nor its draft. Use `replace` for a whole new state.
 * Nothing was stored.
 */
export class RecipeResultError extends EverdraftError {
  /** Always `"recipe_result"`. */
  readonly code = "recipe_result" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown };

  /** @param details the facts of the message */
  constructor(message: string, details: RecipeResultError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
