import { EverdraftError } from "./everdraft-error.ts";

/**
 * A recipe returned a promise. Recipes run synchronously, and may run again on a newer state. Nothing was
 * stored.
 */
export class AsyncRecipeError extends EverdraftError {
  /** Always `"recipe_async"`. */
  readonly code = "recipe_async" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown };

  /** @param details the facts of the message */
  constructor(message: string, details: AsyncRecipeError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
