import type { Resources } from "../../context/resources.ts";
import { listChanges } from "../../history/list-events.ts";
import { type Mark, markNow } from "../../history/mark.ts";
import { type DocumentId, idKey } from "../../model/document-id.ts";
import type { Deadline } from "../../port/deadline.ts";
import { storedSince } from "../../views/stored-since.ts";

/** The documents that have an event after a date, as far as they are known. */
export interface ChangedSince {
  /**
   * Looks for them, and gives those that were not known. Afterwards each document that is not among them had no event after
   * the date when the call began.
   */
  look(): Promise<readonly DocumentId[]>;
  /** Whether a document is known to be one of them. */
  has(id: DocumentId): boolean;
  /** All that are known. */
  all(): readonly DocumentId[];
}

/**
 * No document is known yet. A first look reads the events after the date, by their times. A later one reads those that were
 * stored meanwhile where the storage knows the order of storing, else all of them again: of writers whose clocks differ
 * the times do not tell which event is new.
 */
export function changedSince(resources: Resources, date: number, deadline: Deadline): ChangedSince {
  const known = new Map<string, DocumentId>();
  let seen: Mark | undefined;

  async function* found(now: Mark): AsyncGenerator<DocumentId> {
    if (seen?.last === undefined || now.last === undefined) yield* withEventsAfter(resources, date, deadline);
    else if (seen.last.position < now.last.position) yield* storedSince(resources, seen, now, deadline);
  }

  return {
    look: async () => {
      const now = await markNow(resources, deadline);
      const fresh: DocumentId[] = [];
      for await (const id of found(now)) {
        const key = idKey(id);
        if (known.has(key)) continue;
        known.set(key, id);
        fresh.push(id);
      }
      seen = now;
      return fresh;
    },
    has: (id) => known.has(idKey(id)),
    all: () => [...known.values()],
  };
}

/** The latest time of an event. */
const latest = 8.64e15;

/** The documents of the events after a date, as often as they have some. */
async function* withEventsAfter(
  resources: Resources,
  date: number,
  deadline: Deadline,
): AsyncGenerator<DocumentId> {
  if (date >= latest) return;
  const everything = { to: undefined, by: undefined, type: undefined, path: undefined, blanks: true };
  const asked = { ...everything, from: date + 1, order: "oldest" } as const;
  const all = { behind: undefined, limit: Number.POSITIVE_INFINITY };
  for await (const { doc } of listChanges({ resources, deadline }, asked, all)) yield doc;
}
