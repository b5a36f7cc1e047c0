import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { count } from "@everdraft/cli/text";
import { createStore } from "@everdraft/core";
import { gitSource, type Source } from "@everdraft/git-history";
import { shellWord } from "@everdraft/git-history/text";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import { type ImportOutputs, importSource } from "./import-source.ts";
import { colours, type Output } from "./output.ts";
import { packedHistory } from "./packed-history.ts";
import { quickFile, readRegion } from "./region.ts";
import { showTour } from "./tour.ts";

/** The arguments of the demo. */
export interface DemoRequest extends ImportOutputs {
  /** A git repository and JSON files in it. Default: the history that comes with the demo. */
  readonly from?: { readonly repository: string; readonly files: readonly string[] };
  /** The folder for the database. Default: a new temporary one. */
  readonly into?: string;
}

/** Imports a history into a SQLite file and shows what can be done with it. False where a proof failed. */
export async function runDemo(request: DemoRequest): Promise<boolean> {
  const { from, signal, out } = request;
  const source = from ? await gitSource(from.repository, from.files, signal) : await packedHistory();
  const folder = await folderFor(request.into);
  try {
    const file = join(folder, "everdraft.sqlite");
    const good = await importAndShow(request, source, file);
    await showFile(out, file);
    await showCode(out);
    return good;
  } catch (error) {
    // a half-filled temporary file is of no use; in a named folder a rerun goes on from it
    if (request.into === undefined) await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function folderFor(into: string | undefined): Promise<string> {
  if (into === undefined) return mkdtemp(join(tmpdir(), "everdraft-demo-"));
  const folder = resolve(into);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "EEXIST" || code === "ENOTDIR" ? "there is a file in its place" : code;
    throw new Error(`The folder ${into} cannot be made: ${why}.`, { cause: error });
  }
  return folder;
}

async function importAndShow(request: DemoRequest, source: Source, file: string): Promise<boolean> {
  const storage = sqliteStorage(file);
  try {
    const store = createStore<Record<string, unknown>>({ collection: "files", storage });
    const sightings = await importSource(request, store, source);
    const [id] = source.ids as [string];
    const good = await showTour({ store, id, sightings, out: request.out, signal: request.signal });
    await store.close();
    return good;
  } finally {
    await storage.close();
  }
}

async function showFile(out: Output, file: string): Promise<void> {
  const { size } = await stat(file);
  const sql = 'select doc, version, "by", at from "files.events" order by position desc limit 5';
  out.write(`\n${colours(out).bold("The database")}\n`);
  out.write(`  ${file} (${count(Math.ceil(size / 1024))} KB); to look into it:\n`);
  out.write(`  sqlite3 ${shellWord(file)} '${sql}'\n`);
}

async function showCode(out: Output): Promise<void> {
  out.write(`\n${colours(out).bold("The same in code")}\n`);
  for (const line of await readRegion(quickFile, "quick")) out.write(`  ${line}`.trimEnd().concat("\n"));
}
