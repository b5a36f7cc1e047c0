import { EverdraftError } from "./everdraft-error.ts";

/**
 * A moment names a version above the document's newest. Safe to retry once that version was written.
 */
export class VersionAheadError extends EverdraftError {
  /** Always `"version_ahead"`. */
  readonly code = "version_ahead" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly version: number; readonly head: number };

  /** @param details the facts of the message */
  constructor(message: string, details: VersionAheadError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
