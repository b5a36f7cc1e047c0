import { EverdraftError } from "./everdraft-error.ts";

/**
 * A recipe threw; `cause` is what it threw, unchanged. Nothing was stored.
 */
export class RecipeThrewError extends EverdraftError {
  /** Always `"recipe_threw"`. */
  readonly code = "recipe_threw" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown };

  /** @param details the facts of the message */
  constructor(message: string, details: RecipeThrewError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
