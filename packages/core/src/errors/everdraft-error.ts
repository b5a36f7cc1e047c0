import type { ErrorCode } from "./error-code.ts";

/**
 * The base of every error that the library raises itself. `code` is stable across versions and copies of the
 * package, so tell errors apart by it (or by `instanceof` where one copy is certain); `details` holds the
 * facts of the message, `cause` the error underneath. Messages and details carry ids and paths, never values
 * of a document.
 */
export abstract class EverdraftError<
  Details extends object = Readonly<Record<string, unknown>>,
> extends Error {
  /** The stable code; docs/errors.md has a heading for each. */
  abstract readonly code: ErrorCode;
  /** The facts that the message was made from. */
  readonly details: Details;

  /** @param details the facts of the message */
  constructor(details: Details, options?: { cause?: unknown }) {
    // by the prototype: the stack begins with the message, so the message is needed before there is an object
    super(new.target.prototype.messageOf(details), options);
    this.name = new.target.name;
    this.details = details;
  }

  /** The attempt, the document, the fault, and the remedy. It sees the facts alone, not the error. */
  protected abstract messageOf(details: Details): string;
}
