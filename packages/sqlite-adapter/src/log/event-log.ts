import {
  type Call,
  type EventLog,
  isMadeId,
  type StoredEvent,
  type StoredPlace,
} from "@everdraft/core/adapter";
import type { Connection, Steps } from "../engine/connection.ts";
import type { Database } from "../engine/database.ts";
import { piece, someAtATime } from "../engine/piece.ts";
import { idText } from "../id-text.ts";
import { quote, type TableNames, tableNames } from "../tables.ts";
import { sqliteChanges } from "./changes.ts";
import { sqliteCommit } from "./commit.ts";
import { type EventRow, eventColumns, eventOf } from "./event-row.ts";
import { recordReader } from "./record-reader.ts";

/** So many events are read at once. */
const short = 32;

/** The log in SQLite: one row for each event. */
export function sqliteLog(connection: Connection, collection: string): EventLog {
  const names = tableNames(collection);
  const database = connection.database();
  const select = `SELECT ${eventColumns} FROM ${quote(names.events)}`;
  const range = database.prepare<EventRow>(
    `${select} WHERE doc = ? AND version BETWEEN ? AND ? ORDER BY version LIMIT ? OFFSET ?`,
  );
  const records = recordReader(database, names);
  const newest = database.prepare<EventRow>(`${select} WHERE doc = ? ORDER BY version DESC LIMIT 1`);
  const byId = eventById(database, names);
  const idsBehind = documentIds(database, names);
  // rows are only ever inserted, one writer at a time, so positions are the order of commits
  const place = `SELECT position, doc, version FROM ${quote(names.events)}`;
  const lastPlace = database.prepare<StoredPlace>(`${place} ORDER BY position DESC LIMIT 1`);
  const placesBehind = database.prepare<StoredPlace>(`${place} WHERE position > ? ORDER BY position LIMIT ?`);

  /** Reads that a decision to store rests on: of the file that others see. */
  const deciding = ({ attempt, pause }: Steps): Pick<Steps, "attempt" | "pause"> => ({
    attempt: (read) =>
      attempt(() => {
        connection.check();
        return read();
      }),
    pause,
  });
  const decide = <R>(operation: string, call: Call, read: () => R): Promise<R> =>
    connection.run(operation, call, (steps) => deciding(steps).attempt(read));

  return {
    commit: sqliteCommit(connection, collection),
    read: (doc, { from, to, limit }, call) => {
      // others who came in between could take the slot of whoever looks for the newest events
      if (limit <= short)
        return decide("read events", call, () => range.all(idText(doc), from, to, limit, 0).map(eventOf));
      return connection.run("read events", call, (steps) =>
        inPieces(deciding(steps), limit, (size, skipped) => range.all(idText(doc), from, to, size, skipped)),
      );
    },
    records: (doc, range, call) =>
      connection.run("read events", call, (steps) => records.range(idText(doc), range, deciding(steps))),
    readMany: (docs, { compare }, call) =>
      connection.run("read events", call, (steps) =>
        records.many(docs.map(idText), compare, deciding(steps)),
      ),
    head: (doc, _known, call) =>
      decide("read the newest event", call, () => {
        const row = newest.get(idText(doc));
        return row && eventOf(row);
      }),
    byId: (doc, eventId, call) => decide("read an event", call, () => byId(idText(doc), eventId)),
    documents: ({ after, limit }, call) =>
      connection.run("list documents", call, async ({ attempt, pause }) => {
        const ids: string[] = [];
        for (let last = after === undefined ? "" : idText(after); ; await pause()) {
          const left = limit - ids.length;
          const { made, isLast } = await attempt(() => piece(idsBehind(last, left), (id) => id));
          ids.push(...made);
          last = ids.at(-1) ?? last;
          if (isLast || ids.length === limit) return ids;
        }
      }),
    ...sqliteChanges(connection, names),
    positions: {
      newest: (call) => connection.step("read the order of storing", call, () => lastPlace.get()),
      behind: (position, limit, call) =>
        connection.step("read the order of storing", call, () => placesBehind.all(position, limit)),
    },
  };
}

/** Events in pieces, oldest first. */
async function inPieces(
  { attempt, pause }: Pick<Steps, "attempt" | "pause">,
  limit: number,
  rowsBehind: (size: number, skipped: number) => readonly EventRow[],
): Promise<readonly StoredEvent[]> {
  const found: StoredEvent[] = [];
  // a log only grows at its end, and two events of one version are both wanted
  const rest = (): Iterable<EventRow> => {
    let skipped = found.length;
    return someAtATime(limit - skipped, (size) => {
      const rows = rowsBehind(size, skipped);
      skipped += rows.length;
      return rows;
    });
  };
  for (; ; await pause()) {
    const { made, isLast } = await attempt(() => piece(rest(), eventOf));
    found.push(...made);
    if (isLast || found.length === limit) return found;
  }
}

/** The event of a document with an id. Within a step. */
function eventById(database: Database, { events }: TableNames) {
  const select = `SELECT ${eventColumns} FROM ${quote(events)} WHERE doc = ?`;
  const byKey = database.prepare<EventRow>(`${select} AND key = ?`);
  // an id made for one call has no index: the events of the document that hold its text are looked at
  const holding = database.prepare<EventRow>(`${select} AND instr(record, CAST(? AS BLOB)) > 0`);
  return (doc: string, eventId: string): StoredEvent | undefined => {
    const rows = isMadeId(eventId) ? holding.all(doc, eventId) : byKey.all(doc, eventId);
    return rows.map(eventOf).find(({ id }) => id === eventId);
  };
}

/** The ids of so many documents behind one, as they are found. Within a step. */
function documentIds(database: Database, { events }: TableNames) {
  const next = database.prepare<{ doc: string }>(
    `SELECT doc FROM ${quote(events)} WHERE doc > ? ORDER BY doc LIMIT 1`,
  );
  return function* (after: string, limit: number): Generator<string> {
    // one search in the index for each document, however many events it has; ids are never empty
    for (let [last, left] = [after, limit]; left > 0; left--) {
      const found = next.get(last);
      if (found === undefined) return;
      last = found.doc;
      yield last;
    }
  };
}
