import type { OnDocument } from "../context/on-document.ts";
import type { EventPage } from "../fold/fold-page.ts";
import type { StoredEvent } from "../model/event.ts";
import { pace } from "../port/pace.ts";

/**
 * How many events one page holds: enough to make pages cheap, few enough to be held in memory whatever they
 * weigh.
 */
const pageSize = 256;

/** The size to which pages of a replay are held, in bytes: large events come a few at a time. */
const pageBytes = 1_048_576;

/** How many events the first page of a replay holds, whatever they weigh. */
export const firstPage = 64;

/** The events of a document with versions from `from` to `to`, both included, oldest first, as pages to fold. */
export async function* readPages(
  on: OnDocument,
  range: { readonly from: number; readonly to: number },
): AsyncGenerator<EventPage> {
  let limit = firstPage;
  for (let from = range.from; from <= range.to; ) {
    const to = Math.min(range.to, from + limit - 1);
    const page = await on.page({ from, to, limit });
    // a short page may have a hole, which whoever folds the next one finds; an empty one is behind the head
    if (page.length === 0) return;
    yield page;
    from = page.isCut ? from + page.length : to + 1;
    limit = nextLimit(page);
    if (from <= range.to) await pace.turn();
  }
}

/** How many events the page behind one holds, if they weigh the same. */
export function nextLimit(page: EventPage): number {
  if (page.kind !== "records") return pageSize;
  const each = page.end(page.length - 1) / page.length;
  return Math.max(1, Math.min(pageSize, Math.floor(pageBytes / each)));
}

/** The events of a document with versions from `from` to `to`, both included, oldest first, in pages. */
export async function* readEvents(
  on: OnDocument,
  range: { readonly from: number; readonly to: number },
): AsyncGenerator<readonly StoredEvent[]> {
  // a storage in this process answers without giving up its turn: between pages timers and signals have theirs
  for (let from = range.from; from <= range.to; from += pageSize) {
    const to = Math.min(range.to, from + pageSize - 1);
    const page = await on.events({ from, to, limit: pageSize });
    // a short page may have a hole, which whoever folds the next one finds; an empty one is behind the head
    if (page.length === 0) return;
    yield page;
    if (to < range.to) await pace.turn();
  }
}
