import type { ChangeQuery, EventLog, StoredPlace } from "@everdraft/core/adapter";
import { sqliteCommit } from "./commit.ts";
import type { Connection } from "./connection.ts";
import type { Bound } from "./database.ts";
import { type EventRow, eventColumns, eventOf } from "./event-row.ts";
import { idText } from "./id-text.ts";
import { quote, type TableNames } from "./tables.ts";

/** The log in SQLite: one row for each event. */
export function sqliteLog(connection: Connection, names: TableNames): EventLog {
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
  // bounds of one shape each way, so that the index on (at, doc, version) gives both where to begin and the
  // order
  const filters = '(?5 IS NULL OR "by" = ?5) AND (?6 IS NULL OR type = ?6)';
  const oldest = database.prepare<EventRow>(
    `${select} WHERE (at, doc, version) > (?1, ?2, ?3) AND at <= ?4 AND ${filters}
ORDER BY at, doc, version LIMIT ?7`,
  );
  const latest = database.prepare<EventRow>(
    `${select} WHERE (at, doc, version) < (?1, ?2, ?3) AND at >= ?4 AND ${filters}
ORDER BY at DESC, doc DESC, version DESC LIMIT ?7`,
  );
  // rows are only ever inserted, one writer at a time, so a row's number is that of its place in the order of commits
  const place = `SELECT rowid AS position, doc, version FROM ${quote(names.events)}`;
  const lastPlace = database.prepare<StoredPlace>(`${place} ORDER BY rowid DESC LIMIT 1`);
  const placesBehind = database.prepare<StoredPlace>(`${place} WHERE rowid > ? ORDER BY rowid LIMIT ?`);

  return {
    commit: sqliteCommit(connection, names),
    read: (doc, { from, to, limit }, call) =>
      connection.step("read events", call, () => range.all(idText(doc), from, to, limit).map(eventOf)),
    head: (doc, _known, call) =>
      connection.step("read the newest event", call, () => {
        const row = newest.get(idText(doc));
        return row && eventOf(row);
      }),
    byId: (doc, eventId, call) =>
      connection.step("read an event", call, () => {
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
    changes: (query, call) =>
      connection.step("read changes", call, () =>
        (query.order === "oldest" ? oldest : latest).all(...changeBounds(query)).map(eventOf),
      ),
    positions: {
      newest: (call) => connection.step("read the order of storing", call, () => lastPlace.get()),
      behind: (position, limit, call) =>
        connection.step("read the order of storing", call, () => placesBehind.all(position, limit)),
    },
  };
}

/** The farthest that a date can be from 1970, in milliseconds. */
const farthest = 8.64e15;

/** What `changes` binds: the place to begin behind, the time to end with, and the filters. */
function changeBounds({ from, to, by, type, order, after, limit }: ChangeQuery): readonly Bound[] {
  const earliest = from ?? -farthest;
  const latest = to ?? farthest;
  const filters = [by === undefined ? null : idText(by), type ?? null, limit];
  if (order === "oldest") {
    // before all places of that time: ids are never empty
    const behind =
      after !== undefined && after.at >= earliest ? after : { at: earliest, doc: "", version: 0 };
    return [behind.at, idText(behind.doc), behind.version, latest, ...filters];
  }
  const behind = after !== undefined && after.at <= latest ? after : { at: latest + 1, doc: "", version: 0 };
  return [behind.at, idText(behind.doc), behind.version, earliest, ...filters];
}
