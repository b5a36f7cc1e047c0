import { counted, plain } from "@everdraft/cli/text";
import type { Imported, Store } from "@everdraft/core";
import type { Source } from "@everdraft/git-history";
import { colours, type Output } from "./output.ts";
import { createProgress } from "./progress.ts";
import { firstLines } from "./render.ts";
import { createWitness, type Sighting } from "./source-witness.ts";

type DemoStore = Store<Record<string, unknown>>;

/** Where an import reports, and the signal that ends it. */
export interface ImportOutputs {
  /** Where its report goes. */
  readonly out: Output;
  /** Where progress goes. */
  readonly err: Output;
  /** Stops it. */
  readonly signal: AbortSignal;
}

const leftOutShown = 10;

/**
 * Imports a source into a store and prints the result. Gives the source's states of its first document, to be compared with the
 * store's. Throws where the store has documents of the same ids from another source.
 */
export async function importSource(
  { out, err, signal }: ImportOutputs,
  store: DemoStore,
  source: Source,
): Promise<readonly Sighting[]> {
  err.write(`Importing ${counted(source.total, "revision")} of ${plain(source.title)}\n`);
  const progress = createProgress(err, source.total);
  const witness = createWitness();
  const start = performance.now();
  const refused: string[] = [];
  let imported: Imported;
  try {
    imported = await store.import(witness.watch(source.revisions()), {
      name: source.name,
      onRefused: "skip",
      onRefusal: ({ id, revision = 0, error }) => {
        const commit = witness.forget(String(id), revision);
        refused.push(leftOutLine({ id: String(id), commit, why: error.message }));
      },
      onProgress: ({ revisions, events }) => progress.update(revisions + source.unreadable.length, events),
      signal,
    });
    progress.update(source.total, imported.events);
  } finally {
    progress.stop();
  }
  if (source.notObjects.length > 0) throw new Error(source.notObjects.join("\n"));
  const seconds = (performance.now() - start) / 1000;
  const changed = imported.conflicts.map(({ details }) => String(details.id));
  for (const id of changed) await checkOrigin(store, id, source);

  const [id] = source.ids as [string];
  out.write(`${colours(out).bold(`Imported ${plain(source.title)}`)}\n`);
  const lines = [
    ...countLines(imported, witness.users(), seconds),
    ...changed.map(
      (each) => `${plain(each)} has newer events here than its import, so nothing was added to it`,
    ),
    ...leftOutLines([...refused, ...source.unreadable.map(leftOutLine)]),
  ];
  for (const line of lines) out.write(`  ${line}\n`);
  // the import skipped it, so it may lack newer revisions of the source
  return changed.includes(id) ? [] : witness.sightings(id);
}

/** A document with other events may be one of this source that was edited (the tour does it); else it is another document. */
async function checkOrigin(store: DemoStore, id: string, source: Source): Promise<void> {
  const [first] = await store.history(id, { limit: 1 }).toArray();
  const origin = first?.meta?.import as { name?: unknown } | undefined;
  if (origin?.name === source.name) return;
  throw new Error(`The database there has another ${id}; choose another folder for --into.`);
}

function countLines(imported: Imported, users: number, seconds: number): string[] {
  const { revisions, events, unchanged, skipped } = imported;
  const lines = [
    `${counted(revisions, "revision")} by ${counted(users, "user")} became ${counted(events, "event")} in ${seconds.toFixed(1)} s`,
  ];
  if (unchanged > 0) lines.push(`${counted(unchanged, "revision")} left the state as it was: no event`);
  if (skipped > 0) lines.push(`${counted(skipped, "revision")} had been imported before`);
  return lines;
}

function leftOutLine(left: { id: string; commit: string | undefined; why: string }): string {
  const { id, commit = "", why } = left;
  return `  ${commit.slice(0, 10)} ${plain(id)}: ${plain(why)}`;
}

function leftOutLines(lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const headline = `${counted(lines.length, "revision")} ${lines.length === 1 ? "is" : "are"} left out:`;
  return [headline, ...firstLines(lines, leftOutShown)];
}
