import type { ImportConflictError } from "../errors/import-conflict-error.ts";
import type { State } from "../model/state-types.ts";
import type { UserId } from "./options.ts";

/** One earlier state of a document, from elsewhere. */
export interface Revision<T, Id = string> {
  /** The document. */
  readonly id: Id;
  /** When the document came to be so; not before the revision before it, not in the future. */
  readonly at: Date;
  /** Who made it so. */
  readonly by: UserId<Id>;
  /** The whole state, or null where the document was deleted. */
  readonly state: T | State<T> | null;
  /** Why. */
  readonly reason?: string;
  /** What is to be kept with the event; the field `import` of it is the library's own. */
  readonly meta?: object;
}

/** How far an import is. */
export interface ImportProgress {
  /** Documents met so far. */
  readonly documents: number;
  /** Revisions read so far. */
  readonly revisions: number;
  /** Events stored by this run. */
  readonly events: number;
  /** Revisions equal to the one before them, which make no event. */
  readonly unchanged: number;
  /** Revisions that an earlier run of this import had stored. */
  readonly skipped: number;
}

/** What an import did. */
export interface Imported extends ImportProgress {
  /** The documents that have events of others and were passed by, with the reason of each. */
  readonly conflicts: readonly ImportConflictError[];
}

/** How an import is done. */
export interface ImportOptions {
  /**
   * The name of the import, the same in each run: a rerun goes on where the one before stopped. It gives every
   * revision again, from the first: they are told apart by their number within the document, not by content.
   * Default `"import"`.
   */
  readonly name?: string;
  /** Stops between two revisions with the signal's reason; what was read is stored, and a rerun goes on there. */
  readonly signal?: AbortSignal;
  /** Called after every batch and at the end. */
  readonly onProgress?: (progress: ImportProgress) => void;
}
