import type { DocumentId } from "../model/document-id.ts";
import type { EventList } from "../model/event-list.ts";
import type { RecordPage } from "../model/record-page.ts";
import type { ValueTypes } from "../value/value-type.ts";
import { fold } from "./fold.ts";
import { foldRecords } from "./fold-records.ts";
import type { Folded } from "./folded.ts";

/** Events of one document in a row, as its storage gives them. */
export type EventPage = EventList | RecordPage;

/** The document after a page of events, which carry on where `start` ends. Throws as `fold`. */
export function foldPage(start: Folded, page: EventPage, doc: DocumentId, types: ValueTypes): Folded {
  return page.kind === "events" ? fold(start, page.events, doc, types) : foldRecords(start, page, doc, types);
}
