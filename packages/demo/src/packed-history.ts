import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import type { Source, SourceRevision } from "@everdraft/git-history";
import { revisionDates } from "@everdraft/git-history";

/** The history that comes with the demo; the path is the same from src and from dist. */
export const packedFile: URL = new URL("../data/history.jsonl.br", import.meta.url);

/** The history of one document from brotli JSON Lines; data/README.md describes them. */
export async function packedHistory(file: URL = packedFile): Promise<Source> {
  const text = (await promisify(brotliDecompress)(await readFile(file))).toString("utf8");
  const lines = text.split("\n").filter((line) => line !== "");
  const { id } = JSON.parse(lines[0] as string) as { id: string };
  return {
    name: "demo:browser-compat-data",
    title: `${id} of mdn/browser-compat-data (CC0 1.0; editors are pseudonyms)`,
    ids: [id],
    total: lines.length,
    revisions: () => parseLines(lines),
    unreadable: [],
    notObjects: [],
    repeatedKeys: new Map(),
  };
}

async function* parseLines(lines: readonly string[]): AsyncGenerator<SourceRevision> {
  // its last dates lie in the future of a machine whose clock is wrong
  const dateOf = revisionDates(Date.now());
  for (const line of lines) {
    const { id, at, by, doc } = JSON.parse(line);
    yield { id, at: dateOf(Date.parse(at)).at, by, state: doc };
  }
}
