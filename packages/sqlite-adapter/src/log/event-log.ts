import type { Call, EventLog, StoredPlace } from "@everdraft/core/adapter";
import type { Connection } from "../engine/connection.ts";
import { idText } from "../id-text.ts";
import { quote, tableNames } from "../tables.ts";
import { sqliteChanges } from "./changes.ts";
import { sqliteCommit } from "./commit.ts";
import { type EventRow, eventColumns, eventOf } from "./event-row.ts";

/** The log in SQLite: one row for each event. */
export function sqliteLog(connection: Connection, collection: string): EventLog {
  const names = tableNames(collection);
  const database = connection.database();
  const select = `SELECT ${eventColumns} FROM ${quote(names.events)}`;
  const range = database.prepare<EventRow>(
    `${select} WHERE doc = ? AND version BETWEEN ? AND ? ORDER BY version LIMIT ?`,
  );
  const newest = database.prepare<EventRow>(`${select} WHERE doc = ? ORDER BY version DESC LIMIT 1`);
  const byId = database.prepare<EventRow>(`${select} WHERE doc = ? AND id = ?`);
  const nextDocument = database.prepare<{ doc: string }>(
    `SELECT doc FROM ${quote(names.events)} WHERE doc > ? ORDER BY doc LIMIT 1`,
  );
  const changes = sqliteChanges(connection, names);
  // rows are only ever inserted, one writer at a time, so a row's number is that of its place in the order of commits
  const place = `SELECT rowid AS position, doc, version FROM ${quote(names.events)}`;
  const lastPlace = database.prepare<StoredPlace>(`${place} ORDER BY rowid DESC LIMIT 1`);
  const placesBehind = database.prepare<StoredPlace>(`${place} WHERE rowid > ? ORDER BY rowid LIMIT ?`);

  /** A read that a decision to store rests on: of the file that others see. */
  const decide = <R>(operation: string, call: Call, read: () => R): Promise<R> =>
    connection.step(operation, call, () => {
      connection.check();
      return read();
    });

  return {
    commit: sqliteCommit(connection, collection),
    read: (doc, { from, to, limit }, call) =>
      decide("read events", call, () => range.all(idText(doc), from, to, limit).map(eventOf)),
    head: (doc, _known, call) =>
      decide("read the newest event", call, () => {
        const row = newest.get(idText(doc));
        return row && eventOf(row);
      }),
    byId: (doc, eventId, call) =>
      decide("read an event", call, () => {
        const row = byId.get(idText(doc), eventId);
        return row && eventOf(row);
      }),
    documents: ({ after, limit }, call) =>
      connection.step("list documents", call, () => {
        const ids: string[] = [];
        // one search in the index for each document, however many events it has; ids are never empty
        let last = after === undefined ? "" : idText(after);
        while (ids.length < limit) {
          const next = nextDocument.get(last);
          if (next === undefined) break;
          last = next.doc;
          ids.push(last);
        }
        return ids;
      }),
    changes,
    positions: {
      newest: (call) => connection.step("read the order of storing", call, () => lastPlace.get()),
      behind: (position, limit, call) =>
        connection.step("read the order of storing", call, () => placesBehind.all(position, limit)),
    },
  };
}
