import { type Call, type EventLog, isMadeId, type StoredPlace } from "@everdraft/core/adapter";
import type { Connection } from "../engine/connection.ts";
import { idText } from "../id-text.ts";
import { quote, tableNames } from "../tables.ts";
import { sqliteChanges } from "./changes.ts";
import { sqliteCommit } from "./commit.ts";
import { type EventRow, eventColumns, eventOf } from "./event-row.ts";
import { recordReader } from "./record-reader.ts";

/** The log in SQLite: one row for each event. */
export function sqliteLog(connection: Connection, collection: string): EventLog {
  const names = tableNames(collection);
  const database = connection.database();
  const select = `SELECT ${eventColumns} FROM ${quote(names.events)}`;
  const range = database.prepare<EventRow>(
    `${select} WHERE doc = ? AND version BETWEEN ? AND ? ORDER BY version LIMIT ?`,
  );
  const records = recordReader(database, names);
  const newest = database.prepare<EventRow>(`${select} WHERE doc = ? ORDER BY version DESC LIMIT 1`);
  const byKey = database.prepare<EventRow>(`${select} WHERE doc = ? AND key = ?`);
  // an id made for one call has no index: the events of the document that hold its text are looked at
  const holding = database.prepare<EventRow>(
    `${select} WHERE doc = ? AND instr(record, CAST(? AS BLOB)) > 0`,
  );
  const nextDocument = database.prepare<{ doc: string }>(
    `SELECT doc FROM ${quote(names.events)} WHERE doc > ? ORDER BY doc LIMIT 1`,
  );
  const changes = sqliteChanges(connection, names);
  // rows are only ever inserted, one writer at a time, so positions are the order of commits
  const place = `SELECT position, doc, version FROM ${quote(names.events)}`;
  const lastPlace = database.prepare<StoredPlace>(`${place} ORDER BY position DESC LIMIT 1`);
  const placesBehind = database.prepare<StoredPlace>(`${place} WHERE position > ? ORDER BY position LIMIT ?`);

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
    records: (doc, range, call) => decide("read events", call, () => records.range(idText(doc), range)),
    readMany: (docs, { compare }, call) =>
      decide("read events", call, () => records.many(docs.map(idText), compare)),
    head: (doc, _known, call) =>
      decide("read the newest event", call, () => {
        const row = newest.get(idText(doc));
        return row && eventOf(row);
      }),
    byId: (doc, eventId, call) =>
      decide("read an event", call, () => {
        if (isMadeId(eventId))
          return holding
            .all(idText(doc), eventId)
            .map(eventOf)
            .find(({ id }) => id === eventId);
        const row = byKey.get(idText(doc), eventId);
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
