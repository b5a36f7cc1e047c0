import { EverdraftError } from "./everdraft-error.ts";

/**
 * A value cannot be stored so that it comes back exactly. `details.path` says where it is. Nothing was
 * stored; a retry with the same value fails again.
 */
export class ValueError extends EverdraftError {
  /** Always `"value"`. */
  readonly code = "value" as const;
  /** The facts of the message. */
  readonly details: { readonly path: readonly (string | number)[]; readonly reason: string };

  /** @param details the facts of the message */
  constructor(message: string, details: ValueError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
