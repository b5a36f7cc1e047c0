import {
  carriedBytes,
  carryBytes,
  decode,
  encode,
  isPlain,
  type Snapshot,
  type SnapshotStore,
} from "@everdraft/core/adapter";
import { types } from "./capabilities.ts";
import type { Connection } from "./engine/connection.ts";
import { idText } from "./id-text.ts";
import { insertInto, quote, type TableNames } from "./tables.ts";

interface SnapshotRow extends Omit<Snapshot, "doc" | "by" | "eventId" | "state"> {
  readonly doc: string;
  readonly by: string;
  readonly event: string;
  readonly state: Uint8Array;
}

const columns = 'doc, version, at, "by", event, hash, schema, digest, format, state';

/** The snapshots in SQLite, with their states as canonical bytes. */
export function sqliteSnapshots(connection: Connection, names: TableNames): SnapshotStore {
  const database = connection.database();
  const table = quote(names.snapshots);
  const before = (key: "at" | "version") =>
    database.prepare<SnapshotRow>(
      `SELECT ${columns} FROM ${table} WHERE doc = ? AND ${key} <= ?
ORDER BY ${key} DESC, version DESC LIMIT 1`,
    );
  const [beforeVersion, beforeDate] = [before("version"), before("at")];
  const afterDate = database.prepare<{ version: number }>(
    `SELECT version FROM ${table} WHERE doc = ? AND at > ? ORDER BY at, version LIMIT 1`,
  );
  const put = database.prepare(`INSERT OR REPLACE ${insertInto(names.snapshots, columns)}`);
  const dropOne = database.prepare(`DELETE FROM ${table} WHERE doc = ? AND version = ?`);
  const dropAll = database.prepare(`DELETE FROM ${table} WHERE doc = ?`);

  return {
    around: (doc, moment, call) =>
      connection.step("read a snapshot", call, () => {
        const key = idText(doc);
        const found =
          "date" in moment ? beforeDate.get(key, moment.date) : beforeVersion.get(key, moment.version);
        const after = "date" in moment ? afterDate.get(key, moment.date)?.version : undefined;
        return { ...(found && { before: snapshotOf(found) }), ...(after !== undefined && { after }) };
      }),
    put: async (snapshot, { timeoutMs }) => {
      const { version, at, by, eventId, hash, schema, digest, format } = snapshot;
      const state = carriedBytes(snapshot) ?? encode(snapshot.state, types);
      const values = [
        idText(snapshot.doc),
        version,
        at,
        idText(by),
        eventId,
        hash,
        schema,
        digest,
        format,
        state,
      ];
      await connection.step("keep a snapshot", { timeoutMs }, () =>
        database.transaction(() => put.run(...values)),
      );
    },
    drop: (doc, version, { timeoutMs }) =>
      connection.step("drop a snapshot", { timeoutMs }, () =>
        database.transaction(() => {
          if (version === "all") dropAll.run(idText(doc));
          else dropOne.run(idText(doc), version);
        }),
      ),
  };
}

function snapshotOf({ event, state, ...row }: SnapshotRow): Snapshot {
  return carryBytes({ ...row, eventId: event, state: stateOf(state) }, state);
}

/**
 * The state, or an empty one where it cannot be read: a snapshot whose digest is not its state's is dropped,
 * and a newer format refused.
 */
function stateOf(bytes: Uint8Array): Snapshot["state"] {
  try {
    const state = decode(bytes, types);
    return isPlain(state) ? state : {};
  } catch {
    return {};
  }
}
