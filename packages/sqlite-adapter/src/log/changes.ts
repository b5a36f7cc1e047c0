import {
  type ChangePosition,
  type ChangeQuery,
  type EventLog,
  numberOfType,
  type StoredEvent,
  type StoredEventType,
} from "@everdraft/core/adapter";
import type { Connection } from "../engine/connection.ts";
import type { Bound } from "../engine/engine.ts";
import { piece, someAtATime } from "../engine/piece.ts";
import { idText } from "../id-text.ts";
import { quote, type TableNames } from "../tables.ts";
import { type EventRow, eventColumns, eventOf } from "./event-row.ts";

/** How many events one statement of a search looks at. */
const eventsATurn = 1_000;

/** The farthest that a date can be from 1970, in milliseconds. */
const farthest = 8.64e15;

/** A place in the index on (at, doc, version): between the events before it and those behind it. */
type Place = readonly [at: number, doc: string, version: number];

/**
 * The events of all documents in SQLite, by the index on (at, doc, version). Where a condition may pass by any number of
 * them, so many are looked at in one piece and no more.
 */
export function sqliteChanges(connection: Connection, names: TableNames): EventLog["changes"] {
  const database = connection.database();
  const table = quote(names.events);
  // bounds of one shape each way, so that the index gives both where to begin and the order
  const between = "(at, doc, version) > (?1, ?2, ?3) AND (at, doc, version) < (?4, ?5, ?6)";
  const order = { oldest: "at, doc, version", newest: "at DESC, doc DESC, version DESC" };
  const statements = (by: string) => ({
    page: database.prepare<EventRow>(
      `SELECT ${eventColumns} FROM ${table} WHERE ${between}
AND (?7 IS NULL OR "by" = ?7) AND (?8 IS NULL OR substr(record, 2, 1) = ?8) ORDER BY ${by} LIMIT ?9`,
    ),
    // the index alone answers it
    pieceEnd: database.prepare<ChangePosition & { readonly doc: string }>(
      `SELECT at, doc, version FROM ${table} WHERE ${between} ORDER BY ${by} LIMIT 1 OFFSET ${eventsATurn - 1}`,
    ),
  });
  const ways = { oldest: statements(order.oldest), newest: statements(order.newest) };

  return (query, call) =>
    connection.run("read changes", call, async ({ attempt, pause }) => {
      const { by, type, limit } = query;
      const { page, pieceEnd } = ways[query.order];
      const filters: readonly Bound[] = [
        by === undefined ? null : idText(by),
        type === undefined ? null : typeByte(type),
      ];
      const mayPassBy = by !== undefined || type !== undefined;
      const found: StoredEvent[] = [];
      for (let rest = placesOf(query); ; await pause()) {
        const { made, isLast, end } = await attempt(() => {
          connection.check();
          const end = mayPassBy ? pieceEnd.get(...rest.from, ...rest.to) : undefined;
          const { from, to } = end === undefined ? rest : upTo(rest, end, query.order);
          const rows = someAtATime<EventRow>(limit - found.length, (size, last) => {
            const left = last === undefined ? { from, to } : behind({ from, to }, last, query.order);
            return page.all(...left.from, ...left.to, ...filters, size);
          });
          return { ...piece(rows, seen), end };
        });
        for (const { event } of made) found.push(event);
        const last = isLast ? end : made.at(-1)?.place;
        if (last === undefined || found.length >= limit) return found;
        rest = behind(rest, last, query.order);
      }
    });
}

/** An event, and its place. */
function seen(row: EventRow): { readonly event: StoredEvent; readonly place: Seen } {
  const { at, doc, version } = row;
  return { event: eventOf(row), place: { at, doc, version } };
}

/** The type of an event as its record holds it, at a fixed place. */
function typeByte(type: StoredEventType): Uint8Array {
  return Uint8Array.of(numberOfType(type));
}

/** The events between two places. */
interface Range {
  readonly from: Place;
  readonly to: Place;
}

/** The places that a query is about. Ids are never empty, and versions begin with 1. */
function placesOf({ from, to, order, after }: ChangeQuery): Range {
  const whole: Range = { from: [from ?? -farthest, "", 0], to: [(to ?? farthest) + 1, "", 0] };
  if (after === undefined) return whole;
  const isInside = order === "oldest" ? after.at >= whole.from[0] : after.at < whole.to[0];
  return isInside ? behind(whole, { ...after, doc: idText(after.doc) }, order) : whole;
}

type Way = ChangeQuery["order"];
type Seen = ChangePosition & { readonly doc: string };

/** The part of a range behind an event that was seen. */
function behind(range: Range, { at, doc, version }: Seen, way: Way): Range {
  return way === "oldest" ? { ...range, from: [at, doc, version] } : { ...range, to: [at, doc, version] };
}

/** The part of a range up to the end of a piece, its last event included. */
function upTo(range: Range, { at, doc, version }: Seen, way: Way): Range {
  return way === "oldest"
    ? { ...range, to: [at, doc, version + 1] }
    : { ...range, from: [at, doc, version - 1] };
}
