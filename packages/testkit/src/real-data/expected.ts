import { isDeepStrictEqual } from "node:util";
import { readHistories, type SourceRevision } from "./histories.ts";

/** What one revision must have become: a version, or nothing where it equals the one before it. */
export interface ExpectedEvent {
  readonly version: number;
  readonly rev: number;
  readonly at: number;
  readonly by: string;
  readonly note: string | undefined;
  readonly deleted: boolean;
}

/** A document of the source: what must be found of it, without its states. */
export interface ExpectedDocument {
  readonly id: string;
  readonly events: ExpectedEvent[];
  /** The version that a revision gave, or found: `versions[rev - 1]`. */
  readonly versions: number[];
}

/** What a whole file must become. */
export interface Expected {
  readonly path: string;
  readonly documents: ReadonlyMap<string, ExpectedDocument>;
  readonly revisions: number;
  readonly events: number;
  readonly unchanged: number;
  /** The time of the newest revision, in milliseconds. */
  readonly newest: number;
}

/** Reads a file once. Equality is Node's own deep equality, so the library's is not its own judge. */
export async function expectedOf(path: string): Promise<Expected> {
  const documents = new Map<string, ExpectedDocument>();
  const states = new Map<string, SourceRevision["doc"]>();
  let revisions = 0;
  let events = 0;
  let newest = 0;
  for await (const revision of readHistories(path)) {
    revisions++;
    newest = Math.max(newest, revision.at);
    const { id, doc } = revision;
    const document = documents.get(id) ?? { id, events: [], versions: [] };
    documents.set(id, document);
    if (!isDeepStrictEqual(states.get(id) ?? null, doc)) {
      document.events.push(eventOf(revision, document.events.length + 1));
      events++;
    }
    states.set(id, doc);
    document.versions.push(document.events.length);
  }
  return { path, documents, revisions, events, unchanged: revisions - events, newest };
}

function eventOf({ rev, at, by, note, doc }: SourceRevision, version: number): ExpectedEvent {
  return { version, rev, at, by, note, deleted: doc === null };
}

/** The document of an id; throws where the source has none. */
export function documentOf(expected: Expected, id: string): ExpectedDocument {
  const document = expected.documents.get(id);
  if (document === undefined) throw new Error(`The source has no document ${JSON.stringify(id)}.`);
  return document;
}

/** The last event that must have been stored of a document. */
export function headOf({ id, events }: ExpectedDocument): ExpectedEvent {
  const head = events.at(-1);
  if (head === undefined) throw new Error(`The source has no state of document ${JSON.stringify(id)}.`);
  return head;
}
