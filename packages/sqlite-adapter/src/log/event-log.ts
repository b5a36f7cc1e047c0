import { type Call, type EventLog, isMadeId, type StoredPlace } from "@everdraft/core/adapter";
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
  // one value for many rows: reading columns is dearer than what is done with them
  const recordRange = database.prepare<{ bytes: Uint8Array | null; lengths: string | null }>(
    `SELECT CAST(group_concat(record, '' ORDER BY version) AS BLOB) AS bytes,
group_concat(length(record) ORDER BY version) AS lengths
FROM (SELECT version, record FROM ${quote(names.events)} WHERE doc = ? AND version BETWEEN ? AND ? ORDER BY version LIMIT ?)`,
  );
  const recordsOfMany = database.prepare<{ doc: string; bytes: Uint8Array; lengths: string }>(
    `SELECT doc, CAST(group_concat(record, '' ORDER BY version) AS BLOB) AS bytes,
group_concat(length(record) ORDER BY version) AS lengths
FROM ${quote(names.events)} WHERE doc IN (SELECT value FROM json_each(?)) GROUP BY doc`,
  );
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
    records: (doc, { from, to, limit }, call) =>
      decide("read events", call, () => {
        const { bytes, lengths } = recordRange.get(idText(doc), from, to, limit) ?? {
          bytes: null,
          lengths: null,
        };
        return { bytes: bytes ?? new Uint8Array(), ends: endsOf(lengths) };
      }),
    readMany: (docs, call) =>
      decide("read events", call, () => {
        const ids = docs.map(idText);
        const read = recordsOfMany.all(JSON.stringify(ids));
        const found = new Map(read.map(({ doc, bytes, lengths }) => [doc, { bytes, ends: endsOf(lengths) }]));
        return ids.map((id) => found.get(id) ?? { bytes: new Uint8Array(), ends: [] });
      }),
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

/** Where each of so many records ends, from their lengths in a row. */
function endsOf(lengths: string | null): readonly number[] {
  if (lengths === null) return [];
  let end = 0;
  return lengths.split(",").map((length) => {
    end += Number(length);
    return end;
  });
}
