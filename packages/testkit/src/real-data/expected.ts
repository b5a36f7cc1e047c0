import { isDeepStrictEqual } from "node:util";
import { randomFrom } from "../random.ts";
import { readHistories, type SourceDocument, type SourceRevision } from "./histories.ts";

/** The expected result of one revision: a version, or nothing where it equals the one before it. */
export interface ExpectedEvent {
  readonly version: number;
  readonly rev: number;
  readonly at: number;
  readonly by: string;
  readonly note: string | undefined;
  readonly deleted: boolean;
}

/** A document of the source: the expected history, with a few of its states. */
export interface ExpectedDocument {
  readonly id: string;
  readonly events: ExpectedEvent[];
  /** The version that a revision gave, or found: `versions[rev - 1]`. */
  readonly versions: number[];
  /** The state after the last revision; null where it is deleted. */
  last: SourceDocument | null;
  /** A few versions with their states, picked at random, the same in every run. */
  readonly picked: PastState[];
}

/** A state with its version. */
export interface PastState {
  readonly version: number;
  readonly state: SourceDocument;
}

const picksEach = 3;

/** The expected result of a whole file. */
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
  const pickers = new Map<string, Picker>();
  let revisions = 0;
  let events = 0;
  let newest = 0;
  for await (const revision of readHistories(path)) {
    revisions++;
    newest = Math.max(newest, revision.at);
    const { id, doc } = revision;
    const document = documents.get(id) ?? { id, events: [], versions: [], last: null, picked: [] };
    const picker = pickers.get(id) ?? pickerOf(document);
    if (!isDeepStrictEqual(document.last, doc)) {
      document.events.push(eventOf(revision, document.events.length + 1));
      if (doc !== null) picker({ version: document.events.length, state: doc });
      events++;
    }
    document.last = doc;
    document.versions.push(document.events.length);
    documents.set(id, document);
    pickers.set(id, picker);
  }
  return { path, documents, revisions, events, unchanged: revisions - events, newest };
}

type Picker = (past: PastState) => void;

/** Offered one state after another, it keeps a few, each with the same chance (reservoir sampling). */
function pickerOf({ id, picked }: ExpectedDocument): Picker {
  const random = randomFrom(id);
  let offered = 0;
  return (past) => {
    const place = Math.floor(random() * ++offered);
    if (picked.length < picksEach) picked.push(past);
    else if (place < picksEach) picked[place] = past;
  };
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
