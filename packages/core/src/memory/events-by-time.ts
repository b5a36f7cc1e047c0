import { type IdKind, idKey } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import { compareIds } from "../model/sort-order.ts";
import type { Call } from "../port/call.ts";
import type { ChangePosition, ChangeQuery } from "../port/event-log.ts";
import { pace } from "../port/pace.ts";

/** The events of all documents, ordered by (at, doc, version). */
export interface EventsByTime {
  /** Takes in one more; mostly it is the last. */
  add(event: StoredEvent): void;
  /** A page of them, as `EventLog.changes`. Gives up the event loop now and then. Throws the signal's reason. */
  page(query: ChangeQuery, call: Pick<Call, "signal">): Promise<readonly StoredEvent[]>;
}

/** How many events are looked at between two looks at the clock. */
const eventsALook = 250;

/** None yet. `kinds`: those of documents' ids, in their order. */
export function eventsByTime(kinds: readonly IdKind[]): EventsByTime {
  const ordered: StoredEvent[] = [];
  const compare = (a: ChangePosition, b: ChangePosition): number =>
    a.at - b.at || compareIds(a.doc, b.doc, kinds) || a.version - b.version;

  /** How many events at the beginning are such; all behind them are not. */
  const countWhile = (isSuch: (event: StoredEvent) => boolean): number => {
    let [low, high] = [0, ordered.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const event = ordered[middle];
      if (event !== undefined && isSuch(event)) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const startOf = ({ from = -Infinity, to = Infinity, order, after }: ChangeQuery): number => {
    if (order === "oldest")
      return countWhile((one) => one.at < from || (after !== undefined && compare(one, after) <= 0));
    return countWhile((one) => one.at <= to && (after === undefined || compare(one, after) < 0)) - 1;
  };

  return {
    add: (event) => {
      ordered.splice(
        countWhile((one) => compare(one, event) < 0),
        0,
        event,
      );
    },
    page: async (query, { signal }) => {
      const { from = -Infinity, to = Infinity, by, type, act, order, limit } = query;
      const user = by === undefined ? undefined : idKey(by);
      const found: StoredEvent[] = [];
      let place = startOf(query);
      for (let looked = 1; found.length < limit; looked++) {
        const event = ordered[place];
        if (event === undefined || event.at < from || event.at > to) break;
        const isOfUser = user === undefined || idKey(event.by) === user;
        const isOfType = type === undefined || event.type === type;
        if (isOfUser && isOfType && (act === undefined || event.act === act)) found.push(event);
        place += order === "oldest" ? 1 : -1;
        if (looked % eventsALook > 0) continue;
        await pace.turn();
        signal?.throwIfAborted();
        // meanwhile others may have come before it
        place = startOf({ ...query, after: event });
      }
      return found;
    },
  };
}
