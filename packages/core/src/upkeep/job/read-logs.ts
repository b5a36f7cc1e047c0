import type { FoundView } from "../../history/read-views.ts";
import type { DocumentId } from "../../model/document-id.ts";
import { type RecordPage, recordPage } from "../../model/record-page.ts";
import type { Deadline } from "../../port/deadline.ts";
import type { StoreParts } from "../../write/store-parts.ts";

/** Histories up to this many events are read together. */
const shortHistory = 64;

/** How many documents are read at once. */
const together = 100;

/**
 * The whole logs of the documents of a range that have short histories, by their places; read together where the storage can.
 * Their views were read before, so no log is older than its view. `compare` as in the port.
 */
export async function readLogs(
  { resources }: StoreParts,
  ids: readonly DocumentId[],
  views: readonly FoundView[],
  { compare, deadline }: { readonly compare: boolean; readonly deadline: Deadline },
): Promise<ReadonlyMap<number, RecordPage>> {
  const { log } = await resources.opened(deadline);
  const found = new Map<number, RecordPage>();
  if (log.readMany === undefined) return found;
  const short = [...ids.keys()].filter((i) => isShort(views[i]));
  for (let from = 0; from < short.length; from += together) {
    const places = short.slice(from, from + together);
    const pages = await log.readMany(
      places.map((i) => ids[i] as DocumentId),
      { compare },
      deadline.call(),
    );
    for (const [i, page] of pages.entries())
      if (page !== undefined) found.set(places[i] as number, recordPage(page));
  }
  return found;
}

function isShort(view: FoundView): boolean {
  return typeof view === "object" && view.version <= shortHistory;
}
