import type { EverdraftError } from "../errors/everdraft-error.ts";
import type { ImportConflictError } from "../errors/import-conflict-error.ts";
import type { Signal } from "../port/call.ts";
import type { State } from "../value/state-types.ts";
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
  /** Data to keep with the event; its field `import` is the library's own. */
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
  /** Revisions that could not be stored and were skipped; 0 where the import stops at such. */
  readonly refused: number;
}

/** A revision that could not be stored and was skipped. */
export interface ImportRefusal {
  /** The document, as the revision names it. */
  readonly id: unknown;
  /**
   * The number of the revision within its document, from 1. Undefined where it names no document, and where nothing can
   * be stored in its document: then the document is told of once, and each of its revisions is counted.
   */
  readonly revision: number | undefined;
  /** Why it cannot be stored, and the remedy. */
  readonly error: EverdraftError;
}

/** The result of an import. */
export interface Imported extends ImportProgress {
  /** The documents that have events of others and were skipped, with the reason of each. */
  readonly conflicts: readonly ImportConflictError[];
}

/** How an import is done. */
export interface ImportOptions {
  /**
   * The treatment of a revision that cannot be stored for its own content: its id, user, state, reason or meta, its size,
   * or a constraint of the storage. `"stop"` (the default): the import ends with its error; the revisions before it are
   * stored. `"skip"`: it is skipped, counted in `refused` and told to `onRefusal`, and later revisions of the same
   * document go on. A document in which nothing can be stored, as it is damaged or has no history, is skipped likewise.
   * Revisions out of order, or from the future, and a storage that fails, end the import either way.
   */
  readonly onRefused?: "stop" | "skip";
  /** Hears of each revision that is skipped, once a run. */
  readonly onRefusal?: (refusal: ImportRefusal) => void;
  /**
   * The name of the import, the same in each run: a rerun goes on where the one before stopped. It gives every
   * revision again, from the first: they are told apart by their number within the document, not by content.
   * Default `"import"`.
   */
  readonly name?: string;
  /**
   * Ends the import with the signal's reason, also while the source is silent. The revisions that were read are stored,
   * and a rerun goes on there. The source is told (its `return`), and is not waited for. `close` of the store does the
   * same, with ClosedError.
   */
  readonly signal?: Signal;
  /**
   * Called after every batch and at the end. Revisions that were read are stored at the latest a second after the source
   * fell silent.
   */
  readonly onProgress?: (progress: ImportProgress) => void;
}
