import { EverdraftError } from "./everdraft-error.ts";

/**
 * The revisions of an imported document are not in order of time. The revisions stored before stay; a rerun goes on
 * there.
 */
export class ImportOrderError extends EverdraftError {
  /** Always `"import_order"`. */
  readonly code = "import_order" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly revision: number };

  /** @param details the facts of the message */
  constructor(message: string, details: ImportOrderError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
