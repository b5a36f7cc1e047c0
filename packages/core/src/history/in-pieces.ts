import { type EventPage, foldPage } from "../fold/fold-page.ts";
import type { Folded } from "../fold/folded.ts";
import type { DocumentId } from "../model/document-id.ts";
import { pace } from "../port/pace.ts";
import type { ValueTypes } from "../value/value-type.ts";

/** The largest part of a page that is folded at once: so many events, or so many bytes and one event more. */
const most = { events: 64, bytes: 65_536 };

/** A page in parts, between which others have their turn of the event loop. */
export async function* inPieces(page: EventPage): AsyncGenerator<EventPage> {
  for (let from = 0; from < page.length; ) {
    if (from > 0) await pace.turn();
    const to = endOfPart(page, from);
    yield from === 0 && to === page.length ? page : page.part(from, to);
    from = to;
  }
}

function endOfPart(page: EventPage, from: number): number {
  const end = Math.min(page.length, from + most.events);
  if (page.kind !== "records") return end;
  let to = from + 1;
  while (to < end && page.end(to - 1) - page.start(from) < most.bytes) to++;
  return to;
}

/** As `foldPage`, part by part. Throws as it does. */
export async function foldInPieces(
  start: Folded,
  page: EventPage,
  doc: DocumentId,
  types: ValueTypes,
): Promise<Folded> {
  let folded = start;
  for await (const part of inPieces(page)) folded = foldPage(folded, part, doc, types);
  return folded;
}
