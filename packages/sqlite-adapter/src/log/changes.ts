import type { ChangePosition, ChangeQuery, EventLog, StoredEvent } from "@everdraft/core/adapter";
import type { Connection } from "../engine/connection.ts";
import type { Database } from "../engine/database.ts";
import { piece, someAtATime } from "../engine/piece.ts";
import { idText } from "../id-text.ts";
import { quote, type TableNames } from "../tables.ts";
import { type EventRow, eventColumns, eventOf } from "./event-row.ts";
import { type Condition, conditionsOf, indexedCondition, logIndexesOf } from "./log-indexes.ts";

/** How many events one statement of a search looks at. */
const eventsATurn = 1_000;

/** The farthest that a date can be from 1970, in milliseconds. */
const farthest = 8.64e15;

/** A place in the index on (at, doc, version): between the events before it and those behind it. */
type Place = readonly [at: number, doc: string, version: number];

// bounds of one shape each way, so that the index gives both where to begin and the order
const between = "(at, doc, version) > (?, ?, ?) AND (at, doc, version) < (?, ?, ?)";
const orders = { oldest: "at, doc, version", newest: "at DESC, doc DESC, version DESC" };

/** The statements of a query: a page, and the end of a piece. `indexed` is the condition that an index answers. */
function statementsOf(
  database: Database,
  { events }: TableNames,
  asked: {
    readonly order: Way;
    readonly conditions: readonly Condition[];
    readonly indexed: Condition | undefined;
  },
) {
  const [table, by] = [quote(events), orders[asked.order]];
  const where = [...asked.conditions.map(({ text }) => text), between].join(" AND ");
  const ofPiece = asked.indexed === undefined ? between : `${asked.indexed.text} AND ${between}`;
  return {
    page: database.prepare<EventRow>(
      `SELECT ${eventColumns} FROM ${table} WHERE ${where} ORDER BY ${by} LIMIT ?`,
    ),
    // the index alone answers it
    pieceEnd: database.prepare<Seen>(
      `SELECT at, doc, version FROM ${table} WHERE ${ofPiece} ORDER BY ${by} LIMIT 1 OFFSET ${eventsATurn - 1}`,
    ),
  };
}

/**
 * The events of all documents in SQLite, by the index on (at, doc, version), or by one on a condition and these. Where a
 * further condition may pass by any number of them, so many are looked at in one piece and no more.
 */
export function sqliteChanges(
  connection: Connection,
  names: TableNames,
): Pick<EventLog, "changes" | "explain"> {
  const database = connection.database();
  const indexes = logIndexesOf(database, names);

  const changes: EventLog["changes"] = (query, call) =>
    connection.run("read changes", call, async ({ attempt, pause }) => {
      const { limit, order } = query;
      const conditions = conditionsOf(query);
      const filters = conditions.flatMap(({ values }) => values);
      const found: StoredEvent[] = [];
      for (let rest = placesOf(query); ; await pause()) {
        const { made, isLast, end } = await attempt(() => {
          connection.check();
          const indexed = conditions.length === 0 ? undefined : indexedCondition(conditions, indexes());
          const { page, pieceEnd } = statementsOf(database, names, { order, conditions, indexed });
          const mayPassBy = conditions.length > (indexed === undefined ? 0 : 1);
          const end = mayPassBy
            ? pieceEnd.get(...(indexed?.values ?? []), ...rest.from, ...rest.to)
            : undefined;
          const { from, to } = end === undefined ? rest : upTo(rest, end, order);
          const rows = someAtATime<EventRow>(limit - found.length, (size, last) => {
            const left = last === undefined ? { from, to } : behind({ from, to }, last, order);
            return page.all(...filters, ...left.from, ...left.to, size);
          });
          return { ...piece(rows, seen), end };
        });
        for (const { event } of made) found.push(event);
        const last = isLast ? end : made.at(-1)?.place;
        if (last === undefined || found.length >= limit) return found;
        rest = behind(rest, last, order);
      }
    });

  return {
    changes,
    explain: (query, call) =>
      connection.step("look at the indexes", call, () => {
        const indexed = indexedCondition(conditionsOf(query), indexes());
        return indexed === undefined ? { kind: "scan" } : { kind: "index", name: `log.${indexed.field}` };
      }),
  };
}

/** An event, and its place. */
function seen(row: EventRow): { readonly event: StoredEvent; readonly place: Seen } {
  const { at, doc, version } = row;
  return { event: eventOf(row), place: { at, doc, version } };
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
