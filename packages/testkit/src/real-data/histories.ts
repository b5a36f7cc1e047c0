import { createReadStream, existsSync } from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";

/** A document as the file has it. */
export type SourceDocument = Readonly<Record<string, unknown>>;

/** One line of a file of histories: a document after one revision. */
export interface SourceRevision {
  /** The document. */
  readonly id: string;
  /** 1, 2, 3 … within the document. */
  readonly rev: number;
  /** When, in milliseconds; never before the revision before it. */
  readonly at: number;
  /** Who. */
  readonly by: string;
  /** Why, where the file says it. */
  readonly note?: string;
  /** The whole document, or null where this revision deleted it. */
  readonly doc: SourceDocument | null;
}

/** The environment variable that names a file of histories. */
const historiesVariable = "EVERDRAFT_HISTORIES";

// the same from src and from dist
const packed = fileURLToPath(new URL("../../../demo/data/history.jsonl.br", import.meta.url));

/**
 * The file that the tests on real data read: the one that EVERDRAFT_HISTORIES names, else the packed one that
 * comes with the repository. Throws where it is not there, so that such a test never passes empty.
 */
export function historiesFile(named: string | undefined = process.env[historiesVariable]): string {
  const path = named === undefined || named === "" ? packed : named;
  if (existsSync(path)) return path;
  const who = path === packed ? "The packed history of the repository" : `${historiesVariable} names`;
  throw new Error(
    `${who} ${JSON.stringify(path)}, which is not there. Set ${historiesVariable} to a brotli file of JSON Lines.`,
  );
}

/** Whether a file is the full one, whose counts are known. */
export function isFull(path: string): boolean {
  return basename(path) === "browser-compat-history.jsonl.br";
}

/** The revisions of a file, one after another: the file is unpacked as it is read, and one line is held. */
export async function* readHistories(path: string): AsyncGenerator<SourceRevision> {
  const unpacked = createReadStream(path).pipe(createBrotliDecompress());
  for await (const line of createInterface({ input: unpacked, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== "") yield revisionOf(line);
  }
}

function revisionOf(line: string): SourceRevision {
  const { id, rev, at, by, note, doc } = JSON.parse(line);
  return { id, rev, at: Date.parse(at), by, ...(note !== undefined && { note }), doc };
}
