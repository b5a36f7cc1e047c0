import { showId } from "./show.ts";

/**
 * The facts of an error that a storage raises. The library cannot know the failures of an engine, so reason and
 * remedy come from the adapter; the form of the message is the same for all.
 */
export type Failure = {
  /** The attempt, as it follows "Could not": `"store events"`. */
  readonly operation: string;
  /** The document; left out where there is none, or more than one. */
  readonly id?: unknown;
  /** The place with its preposition: `in "orders.db"`. */
  readonly where?: string;
  /** The fault, as a clause without a dot at its end. */
  readonly reason: string;
  /** The remedy, in whole sentences. */
  readonly remedy: string;
};

/** The message of a failure. */
export function failureMessage({ operation, id, where, reason, remedy }: Failure): string {
  const of = id === undefined ? "" : ` of document ${showId(id)}`;
  const place = where === undefined ? "" : ` ${where}`;
  return `Could not ${operation}${of}${place}: ${reason}. ${remedy}`;
}
