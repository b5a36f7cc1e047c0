import type { UnreadableRevision } from "./git-revisions.ts";

/** A revision as `store.import` takes it. */
export interface SourceRevision {
  /** The document. */
  readonly id: string;
  /** When. */
  readonly at: Date;
  /** Who. */
  readonly by: string;
  /** The document after it; null where it was deleted. */
  readonly state: Record<string, unknown> | null;
  /** Why. */
  readonly reason?: string;
  /** Where it comes from. */
  readonly meta?: object;
}

/** Where documents and their histories come from. */
export interface Source {
  /** The name of the import: the same for the same source, so that a rerun goes on where the last one stopped. */
  readonly name: string;
  /** For a headline. */
  readonly title: string;
  /** The documents, in the order in which they were named. */
  readonly ids: readonly string[];
  /** How many revisions there are, the unreadable ones included. */
  readonly total: number;
  /** The revisions, document after document. */
  revisions(): AsyncIterable<SourceRevision>;
  /** Those that could not be read, complete when the revisions were. */
  readonly unreadable: readonly UnreadableRevision[];
  /** Sentences on files of which no revision is an object, complete when the revisions were read. */
  readonly notObjects: readonly string[];
  /** How many revisions of a YAML file have a key twice in one mapping, by document; the last one counts. */
  readonly repeatedKeys: ReadonlyMap<string, number>;
}
