import { EverdraftError } from "./everdraft-error.ts";

/**
 * An option of a call, of `createStore` or of a storage is unknown, or not of the documented form. Nothing was read or stored.
 */
export class OptionsError extends EverdraftError {
  /** Always `"options"`. */
  readonly code = "options" as const;
  /** The facts of the message; `nearest` is the option that was meant, perhaps, in the place of an unknown one. */
  readonly details: { readonly option: string; readonly reason: string; readonly nearest?: string };

  /** @param details the facts of the message */
  constructor(message: string, details: OptionsError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
