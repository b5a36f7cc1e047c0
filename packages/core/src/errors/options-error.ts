import { EverdraftError } from "./everdraft-error.ts";

/**
 * An option of a call or of `createStore` is not of the documented form. Nothing was read or stored.
 */
export class OptionsError extends EverdraftError {
  /** Always `"options"`. */
  readonly code = "options" as const;
  /** The facts of the message. */
  readonly details: { readonly option: string; readonly reason: string };

  /** @param details the facts of the message */
  constructor(message: string, details: OptionsError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
