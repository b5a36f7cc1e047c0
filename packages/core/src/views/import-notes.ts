import type { Resources } from "../context/resources.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";
import { newId } from "../model/event-id.ts";
import type { Deadline } from "../port/deadline.ts";
import type { PlainObject } from "../value/value.ts";

/*
 * Imported events have times of their own. So where the storage does not know the order of storing, nobody would find
 * them among the events stored of late. Before its events are stored, an import notes their documents, and the time by
 * its clock.
 */

const prefix = "imported:";
const forgottenName = "imports-forgotten";
const keptMs = 7 * 24 * 60 * 60 * 1_000;
const pageSize = 100;
/** So many old notes are taken away by one sweep. */
const forgottenAtOnce = 1_000;

/** By name notes are in the order of their times. */
function beginningOf(at: number): string {
  return `${prefix}${String(Math.max(0, Math.floor(at))).padStart(16, "0")}`;
}

/** Notes that events of these documents are about to be stored. */
export async function noteImported(
  resources: Resources,
  docs: readonly DocumentId[],
  deadline: Deadline,
): Promise<void> {
  const { checkpoints } = await resources.opened(deadline);
  const at = resources.clock.now();
  await checkpoints.put(`${beginningOf(at)}:${newId()}`, { at, docs: [...docs] }, deadline.call());
}

/** The documents of which imports stored events since a time; undefined where notes of that time were taken away. */
export async function importedSince(
  resources: Resources,
  from: number,
  deadline: Deadline,
): Promise<ReadonlyMap<string, DocumentId> | undefined> {
  const { checkpoints } = await resources.opened(deadline);
  const found = new Map<string, DocumentId>();
  let after = beginningOf(from);
  for (;;) {
    const page = await checkpoints.list(prefix, { after, limit: pageSize }, deadline.call());
    for (const { value } of page) for (const doc of docsOf(value)) found.set(idKey(doc), doc);
    if (page.length < pageSize) break;
    after = page.at(-1)?.name ?? after;
  }
  // read last: notes are taken away behind it
  const forgotten = (await checkpoints.get(forgottenName, deadline.call()))?.at;
  return typeof forgotten === "number" && from < forgotten ? undefined : found;
}

function docsOf({ docs }: PlainObject): readonly DocumentId[] {
  return Array.isArray(docs) ? docs : [];
}

/** Takes notes away that are older than a week. Who has not looked since then looks at all documents. */
export async function forgetImported(resources: Resources, deadline: Deadline): Promise<void> {
  const { checkpoints } = await resources.opened(deadline);
  const until = resources.clock.now() - keptMs;
  let left = forgottenAtOnce;
  while (left > 0) {
    const page = await checkpoints.list(prefix, { limit: pageSize }, deadline.call());
    const old = page.filter(({ name }) => name < beginningOf(until));
    if (old.length === 0) return;
    await checkpoints.put(forgottenName, { at: until }, deadline.call());
    for (const { name } of old) await checkpoints.remove(name, deadline.call());
    left -= old.length;
  }
}
