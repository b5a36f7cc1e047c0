import type { Revision } from "@everdraft/core";

/** Something that was left out of an import, and why. */
export interface LeftOut {
  /** Its name: a document, a commit, a line. */
  readonly what: string;
  /** Half a sentence. */
  readonly why: string;
  /** Set where there is nothing that could be stored, which is no failure: a commit that broke a file, until the next one. */
  readonly isNothing?: true;
}

/** Where an import takes revisions from. */
export interface ImportSource {
  /** The name of the import: the same for the same source, so that a rerun goes on where the last one stopped. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** How many documents there are, where that is known. */
  readonly documents?: number;
  /** How many revisions there are, those that will be left out included, where that is known. */
  readonly total?: number;
  /** The revisions, for each document in order. */
  revisions(): AsyncIterable<Revision<object, unknown>>;
  /** The skipped parts; complete when the revisions were read. */
  readonly leftOut: readonly LeftOut[];
  /** The name of a revision for people, by its number within its document; known once the revision was given. */
  nameOf?(id: unknown, revision: number): string | undefined;
  /** Sentences on parts that gave nothing although they were named; complete when the revisions were read. */
  readonly faults?: readonly string[];
  /** How many revisions of a document have a key twice, of which the last one counts; complete when they were read. */
  readonly repeatedKeys?: ReadonlyMap<string, number>;
  /** How many events that changed nothing the source holds; they are passed by. */
  readonly blanks?: number;
  /** Removes the temporary files of the source. */
  close(): Promise<void>;
}
