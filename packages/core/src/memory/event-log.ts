import { type DocumentId, type IdKind, idKey } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import { compareIds } from "../model/sort-order.ts";
import type { EventLog, Outcome, StoredPlace } from "../port/event-log.ts";
import { eventsByTime } from "./events-by-time.ts";
import { ordered } from "./ordered.ts";
import type { MemoryViews } from "./view-store.ts";

interface Recorded {
  readonly doc: DocumentId;
  readonly events: StoredEvent[];
  readonly byId: Map<string, StoredEvent>;
}

/** The log in memory: for each document its events, the one of version v at place v - 1. */
export function memoryLog(kinds: readonly IdKind[], views: MemoryViews, refuseClosed: () => void): EventLog {
  const documents = new Map<string, Recorded>();
  const byTime = eventsByTime(kinds);
  const stored: StoredPlace[] = [];
  const inOrder = idsInOrder(documents, kinds);
  const eventsOf = (doc: DocumentId): StoredEvent[] => documents.get(idKey(doc))?.events ?? [];

  const insert = (event: StoredEvent): Outcome => {
    const key = idKey(event.doc);
    const found: Recorded = documents.get(key) ?? { doc: event.doc, events: [], byId: new Map() };
    if (found.byId.has(event.id)) return { event: "taken", by: "id" };
    if (found.events.length >= event.version) return { event: "taken", by: "slot" };
    found.events.push(event);
    found.byId.set(event.id, event);
    byTime.add(event);
    stored.push({ position: stored.length + 1, doc: event.doc, version: event.version });
    if (!documents.has(key)) inOrder.changed();
    documents.set(key, found);
    return { event: "stored" };
  };

  return {
    commit: async (appends, order) => {
      refuseClosed();
      const outcomes: Outcome[] = [];
      for (const { event } of appends) {
        const before = outcomes.at(-1);
        const broken = order === "chain" && before !== undefined && before.event !== "stored";
        outcomes.push(broken ? { event: "unsent" } : insert(event));
      }
      // first all events, then the views of those that are stored
      for (const [i, { view, before }] of appends.entries()) {
        if (view !== undefined && outcomes[i]?.event === "stored")
          outcomes[i] = { event: "stored", view: views.writeOver(view, before) };
      }
      return outcomes;
    },
    read: async (doc, { from, to, limit }) => {
      refuseClosed();
      return eventsOf(doc).slice(from - 1, Math.min(to, from - 1 + limit));
    },
    head: async (doc) => {
      refuseClosed();
      return eventsOf(doc).at(-1);
    },
    byId: async (doc, eventId) => {
      refuseClosed();
      return documents.get(idKey(doc))?.byId.get(eventId);
    },
    documents: async ({ after, limit }) => {
      refuseClosed();
      return inOrder.page(after, limit);
    },
    changes: async (query, call) => {
      refuseClosed();
      return byTime.page(query, call);
    },
    positions: {
      newest: async () => {
        refuseClosed();
        return stored.at(-1);
      },
      behind: async (position, limit) => {
        refuseClosed();
        return stored.slice(position, position + limit);
      },
    },
  };
}

/** The ids of the documents that have events, in their order. */
function idsInOrder(documents: ReadonlyMap<string, Recorded>, kinds: readonly IdKind[]) {
  function* ids(): Generator<DocumentId> {
    for (const { doc } of documents.values()) yield doc;
  }
  const inOrder = ordered(
    ids,
    (id) => id,
    (a, b) => compareIds(a, b, kinds),
  );
  return {
    changed: inOrder.changed,
    page: (after: DocumentId | undefined, limit: number): DocumentId[] => {
      const found: DocumentId[] = [];
      for (const page of inOrder.pages(after)) {
        found.push(...page);
        if (found.length >= limit) break;
      }
      return found.slice(0, limit);
    },
  };
}
