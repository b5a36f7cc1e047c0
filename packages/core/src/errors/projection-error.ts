import { EverdraftError } from "./everdraft-error.ts";

/**
 * A projection threw, returned a promise or something that is no row, or answered the same input in two ways. The
 * event is stored all the same; the document is in the list of failures that a rebuild works off.
 */
export class ProjectionError extends EverdraftError {
  /** Always `"projection"`. */
  readonly code = "projection" as const;
  /** The facts of the message; `version` is that of the event. */
  readonly details: {
    readonly projection: string;
    readonly id: unknown;
    readonly version: number;
    readonly reason: string;
  };

  /** @param details the facts of the message */
  constructor(message: string, details: ProjectionError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
