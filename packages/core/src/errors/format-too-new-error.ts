import { EverdraftError } from "./everdraft-error.ts";

/**
 * A record was written in a newer format than this version of the library reads. Update the library. Nothing
 * was stored.
 */
export class FormatTooNewError extends EverdraftError {
  /** Always `"format_too_new"`. */
  readonly code = "format_too_new" as const;
  /** The facts of the message. */
  readonly details: {
    readonly id: unknown;
    readonly what: "event" | "snapshot" | "storage";
    readonly found: number;
    readonly known: number;
  };

  /** @param details the facts of the message */
  constructor(message: string, details: FormatTooNewError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
