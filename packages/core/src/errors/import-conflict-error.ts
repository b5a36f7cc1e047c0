import { EverdraftError } from "./everdraft-error.ts";

/**
 * An imported document has events that are not of this import, or one of its revisions is another than the one that an
 * earlier run stored in its place. The document is reported and skipped.
 */
export class ImportConflictError extends EverdraftError {
  /** Always `"import_conflict"`. */
  readonly code = "import_conflict" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly version: number };

  /** @param details the facts of the message */
  constructor(message: string, details: ImportConflictError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
