import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import type { Revision } from "@everdraft/core";

/** A revision of a real document; its state is null where it was deleted. */
export type RealRevision = Revision<Record<string, unknown>>;

const packed = fileURLToPath(new URL("../../demo/data/history.jsonl.br", import.meta.url));

// many documents where the variable names their file, else the one of the demo
const historiesFile = process.env.EVERDRAFT_HISTORIES ?? packed;

/** The lines of the real histories, one a revision, oldest first within a document. */
export async function realLines(): Promise<readonly string[]> {
  const text = (await promisify(brotliDecompress)(await readFile(historiesFile))).toString("utf8");
  return text.split("\n").filter((line) => line !== "");
}

/** Reads the lines one after another, as an import from a file does. */
export function* revisionsOf(lines: Iterable<string>): Generator<RealRevision> {
  for (const line of lines) {
    const { id, at, by, note, doc } = JSON.parse(line);
    // the last of them lie in the future of a machine whose clock is wrong
    const date = new Date(Math.min(Date.parse(at), Date.now()));
    yield { id, at: date, by, state: doc, ...(note !== undefined && { reason: note }) };
  }
}

/** The document with the most revisions. */
export async function longestHistory(): Promise<{ id: string; revisions: readonly RealRevision[] }> {
  const byId = new Map<string, RealRevision[]>();
  for (const revision of revisionsOf(await realLines())) {
    const revisions = byId.get(revision.id) ?? [];
    // Immer cannot replay a deletion
    if (revision.state !== null) revisions.push(revision);
    byId.set(revision.id, revisions);
  }
  const [[id, revisions] = ["", []]] = [...byId].sort(([, a], [, b]) => b.length - a.length);
  return { id, revisions };
}
