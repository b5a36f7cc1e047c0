import { EverdraftError } from "./everdraft-error.ts";

/** An imported revision lies in the future. The revisions stored before it stay; a rerun goes on there. */
export class ImportFutureError extends EverdraftError {
  /** Always `"import_future"`. */
  readonly code = "import_future" as const;
  /** The facts of the message. */
  readonly details: { readonly id: unknown; readonly revision: number };

  /** @param details the facts of the message */
  constructor(message: string, details: ImportFutureError["details"], options?: { cause?: unknown }) {
    super(message, options);
    this.details = details;
  }
}
