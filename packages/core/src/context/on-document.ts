import type { EventPage } from "../fold/fold-page.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import { eventList } from "../model/event-list.ts";
import { type RecordPage, recordPage } from "../model/record-page.ts";
import type { Deadline } from "../port/deadline.ts";
import type { StoredCollection } from "../port/storage.ts";
import type { View } from "../port/view.ts";
import type { Resources } from "./resources.ts";

/** A call on one document: its id, its time limit, and the port's calls bound to both. */
export interface OnDocument {
  readonly doc: DocumentId;
  readonly deadline: Deadline;
  /** The resources that the calls of its store share. */
  readonly resources: Resources;
  /** The opened collection. */
  opened(): Promise<StoredCollection>;
  /** The newest event. `known` is a version that was seen (0: none), so that the search may begin there. */
  head(known: number): Promise<StoredEvent | undefined>;
  /** The events of versions from `from` to `to`, both included, oldest first, at most `limit`. */
  events(range: {
    readonly from: number;
    readonly to: number;
    readonly limit: number;
  }): Promise<readonly StoredEvent[]>;
  /** The same events as its storage gives them for a replay. */
  page(range: {
    readonly from: number;
    readonly to: number;
    readonly limit: number;
    /** Whether the fields by which events are searched for are compared with their records. */
    readonly compare?: boolean;
  }): Promise<EventPage>;
  /** The event of a version. */
  event(version: number): Promise<StoredEvent | undefined>;
  /** The event with this id. */
  byId(eventId: string): Promise<StoredEvent | undefined>;
  /** The stored view. */
  view(): Promise<View | undefined>;
}

/** Begins a call on a document. `read` is its whole log where that was read already: the first page is taken from it. */
export function onDocument(
  resources: Resources,
  doc: DocumentId,
  deadline: Deadline,
  read?: RecordPage,
): OnDocument {
  let known = read;
  const opened = (): Promise<StoredCollection> => resources.opened(deadline);
  const events: OnDocument["events"] = async (range) =>
    (await opened()).log.read(doc, range, deadline.call());
  return {
    doc,
    deadline,
    resources,
    opened,
    events,
    page: async (range) => {
      const whole = known;
      known = undefined;
      if (whole !== undefined && range.from === 1 && whole.length < range.limit) return whole;
      const { log } = await opened();
      if (log.records === undefined) return eventList(await log.read(doc, range, deadline.call()));
      return recordPage(await log.records(doc, range, deadline.call()));
    },
    head: async (known) => (await opened()).log.head(doc, known, deadline.call()),
    event: async (version) => (await events({ from: version, to: version, limit: 1 }))[0],
    byId: async (eventId) => (await opened()).log.byId(doc, eventId, deadline.call()),
    view: async () => (await (await opened()).views.get([doc], deadline.call()))[0],
  };
}
