import {
  type ChangePosition,
  type ChangeQuery,
  type DocumentId,
  type EventLog,
  idKey,
  type StoredEvent,
} from "@everdraft/core/adapter";
import { dateOf } from "../bson/dates.ts";
import { idOf, type MongoIds } from "../bson/id-kinds.ts";
import type { CollectionOf } from "../connection/collection-of.ts";
import type { Connection } from "../connection/connection.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import type { FilterOf, IndexedCollection } from "../connection/driver.ts";
import { logIndexesOf } from "../indexes/log-indexes.ts";
import { type EventDocument, eventOf } from "./event-document.ts";

/** How many keys of the index are read at once to find ids of documents. */
const keysAtOnce = 1000;

/** The log in MongoDB: one document for each event. Every read goes through one of its indexes. */
export function mongoLog(
  connection: Connection,
  { events, indexed }: { readonly events: CollectionOf<EventDocument>; readonly indexed: IndexedCollection },
  commit: EventLog["commit"],
): EventLog {
  const { ids } = connection;
  return {
    commit,
    read: (doc, { from, to, limit }, call) =>
      connection.run("read events", call, async (deadline) => {
        const filter = { doc, version: { $gte: from, $lte: to } };
        const found = events.find(filter, options(deadline)).sort({ version: 1 }).limit(limit);
        return (await found.toArray()).map(eventOf);
      }),
    head: (doc, known, call) =>
      connection.run("read the newest event", call, async (deadline) => {
        const filter = { doc, version: { $gte: Math.max(known, 1) } };
        const found = await events.find(filter, options(deadline)).sort({ version: -1 }).limit(1).next();
        return found === null ? undefined : eventOf(found);
      }),
    byId: (doc, eventId, call) =>
      connection.run("read an event", call, async (deadline) => {
        // doc names the shard
        const found = await events.findOne({ _id: eventId, doc }, options(deadline));
        return found === null ? undefined : eventOf(found);
      }),
    documents: (page, call) =>
      connection.run("list documents", call, (deadline) => documentsBehind(events, ids, page, deadline)),
    changes: (query, call) =>
      connection.run("read changes", call, (deadline) => changes(events, ids, query, deadline)),
    explain: (query, call) =>
      connection.run("look at the indexes", call, async (deadline) => {
        const found = await logIndexesOf(indexed, deadline);
        const index = found.find(({ field }) => query[field] !== undefined);
        return index === undefined ? { kind: "scan" } : { kind: "index", name: `log.${index.field}` };
      }),
  };
}

/** The options of every read: the server ends it in time, and so does the driver where no answer comes. */
export function options(deadline: CommandsDeadline): {
  readonly maxTimeMS: number;
  readonly signal: AbortSignal;
} {
  return { maxTimeMS: deadline.left(), signal: deadline.signal };
}

/**
 * Reads keys of the slots' index alone, and begins anew behind the last document of each page, so that long
 * histories are passed over and no document that has any event is left out.
 */
async function documentsBehind(
  events: CollectionOf<EventDocument>,
  kinds: MongoIds,
  { after, limit }: { readonly after?: DocumentId; readonly limit: number },
  deadline: CommandsDeadline,
): Promise<readonly DocumentId[]> {
  const ids: DocumentId[] = [];
  for (const range of kinds.rangesBehind(after)) {
    let rest: Readonly<Record<string, unknown>> = range;
    for (;;) {
      const wanted = Math.min(keysAtOnce, (limit - ids.length) * 20 + 1);
      const page = await events
        .find(
          { doc: rest },
          {
            ...options(deadline),
            projection: { _id: 0, doc: 1 },
          },
        )
        .sort({ doc: 1, version: 1 })
        .limit(wanted)
        .toArray();
      for (const { doc } of page) {
        const id = idOf(doc);
        const last = ids.at(-1);
        if (id === undefined || (last !== undefined && idKey(last) === idKey(id))) continue;
        ids.push(id);
        if (ids.length === limit) return ids;
      }
      const last = page.at(-1)?.doc;
      if (last === undefined || page.length < wanted) break;
      const { $gte: _, ...bounds } = rest;
      rest = { ...bounds, $gt: last };
    }
  }
  return ids;
}

async function changes(
  events: CollectionOf<EventDocument>,
  ids: MongoIds,
  query: ChangeQuery,
  deadline: CommandsDeadline,
): Promise<readonly StoredEvent[]> {
  const { by, type, act, order, limit } = query;
  const direction = order === "oldest" ? 1 : -1;
  const conditions = {
    ...(by !== undefined && { by }),
    ...(type !== undefined && { type }),
    ...(act !== undefined && { act }),
  };
  // each place is one range of the index; all but the last hold the rest of one millisecond
  const pages = placesBehind(ids, query, direction).map((place) =>
    events
      .find({ ...place, ...conditions }, options(deadline))
      .sort({ at: direction, doc: direction, version: direction })
      .limit(limit)
      .toArray(),
  );
  return (await Promise.all(pages)).flat().slice(0, limit).map(eventOf);
}

/** The parts of the index behind a place, one after another. */
function placesBehind(
  ids: MongoIds,
  { from, to, after }: ChangeQuery,
  direction: 1 | -1,
): readonly FilterOf<EventDocument>[] {
  const lowest = dateOf(from ?? Number.NEGATIVE_INFINITY);
  const highest = dateOf(to ?? Number.POSITIVE_INFINITY);
  const whole = { at: { $gte: lowest, $lte: highest } };
  if (after === undefined) return [whole];
  const begin = direction === 1 ? lowest : highest;
  if ((after.at - begin.getTime()) * direction < 0) return [whole];
  const time = new Date(after.at);
  const rest = direction === 1 ? { $gt: time, $lte: highest } : { $gte: lowest, $lt: time };
  const isInside = after.at >= lowest.getTime() && after.at <= highest.getTime();
  return [...(isInside ? sameTime(ids, after, direction) : []), { at: rest }];
}

function sameTime(
  ids: MongoIds,
  { at, doc, version }: ChangePosition,
  direction: 1 | -1,
): readonly FilterOf<EventDocument>[] {
  const time = new Date(at);
  const later = direction === 1 ? { $gt: version } : { $lt: version };
  return [
    { at: time, doc, version: later },
    ...ids.rangesBehind(doc, direction).map((range) => ({ at: time, doc: range })),
  ];
}
