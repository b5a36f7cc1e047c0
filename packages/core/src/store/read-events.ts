import type { DocumentId } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import type { Limit } from "./limit.ts";
import type { Resources } from "./resources.ts";

/**
 * How many events one page holds: enough to make pages cheap, few enough to be held in memory whatever they
 * weigh.
 */
const pageSize = 256;

/** The events of a document with versions from `from` to `to`, both included, oldest first, in pages. */
export async function* readEvents(
  resources: Resources,
  doc: DocumentId,
  range: { readonly from: number; readonly to: number },
  limit: Limit,
): AsyncGenerator<readonly StoredEvent[]> {
  const { log } = await resources.opened(limit);
  for (let from = range.from; from <= range.to; from += pageSize) {
    const to = Math.min(range.to, from + pageSize - 1);
    const page = await log.read(doc, { from, to, limit: pageSize }, limit.call());
    if (page.length > 0) yield page;
    if (page.length < to - from + 1) return;
  }
}
