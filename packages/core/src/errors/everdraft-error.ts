import type { ErrorCode } from "./error-code.ts";

/**
 * The base of every error that the library raises itself. `code` is stable across versions and copies of the
 * package, so tell errors apart by it (or by `instanceof` where one copy is certain); `details` holds the
 * facts of the message, `cause` the error underneath. Messages and details carry ids and paths, never values
 * of a document.
 */
export abstract class EverdraftError extends Error {
  /** The stable code; docs/errors.md has a heading for each. */
  abstract readonly code: ErrorCode;
  /** The facts that the message was made from. */
  abstract readonly details: Readonly<Record<string, unknown>>;

  /** @param message the attempt, the document, the finding, and the remedy */
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}
