import type { Resources } from "../../context/resources.ts";
import { documentsSince } from "../../history/listing/list-changes.ts";
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

/** The latest time of an event. */
const latest = 8.64e15;

/**
 * No document is known yet. A first look reads the events after the date, by their times. A later one reads those that were
 * stored meanwhile where the storage knows the order of storing, else all of them again: of writers whose clocks differ
 * the times do not tell which event is new.
 */
export function changedSince(resources: Resources, date: number, deadline: Deadline): ChangedSince {
  const known = new Map<string, DocumentId>();
  let seen: Mark | undefined;

  async function* found(now: Mark): AsyncGenerator<DocumentId> {
    if (seen?.last === undefined || now.last === undefined) {
      if (date < latest) yield* documentsSince({ resources, deadline }, date + 1);
    } else if (seen.last.position < now.last.position) yield* storedSince(resources, seen, now, deadline);
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
