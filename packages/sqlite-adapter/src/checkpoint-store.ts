import { type CheckpointStore, decode, encode, isPlain } from "@everdraft/core/adapter";
import { types } from "./capabilities.ts";
import type { Connection } from "./engine/connection.ts";
import type { Database } from "./engine/database.ts";

/**
 * The checkpoints of a collection, in the table that all collections of the file share. One that cannot be
 * read counts as missing: work begins anew. Of a file that may only be read they are kept in memory, so that work which
 * changes nothing else can be done: verify, say.
 */
export function sqliteCheckpoints(connection: Connection, collection: string): CheckpointStore {
  const database = connection.database();
  const table = connection.forReading() ? ownTable(database) : '"everdraft.checkpoints"';
  const get = database.prepare<{ value: Uint8Array }>(
    `SELECT value FROM ${table} WHERE collection = ? AND name = ?`,
  );
  const put = database.prepare(`INSERT OR REPLACE INTO ${table} (collection, name, value) VALUES (?, ?, ?)`);
  const page = database.prepare<{ name: string; value: Uint8Array }>(
    `SELECT name, value FROM ${table} WHERE collection = ?1 AND name > ?2 AND substr(name, 1, length(?3)) = ?3
ORDER BY name LIMIT ?4`,
  );
  const remove = database.prepare(`DELETE FROM ${table} WHERE collection = ? AND name = ?`);
  const revisionOf = (name: string): number => {
    const row = get.get(collection, name);
    const value = row && decodeOrNothing(row.value);
    return isPlain(value) && typeof value.revision === "number" ? value.revision : 0;
  };
  return {
    get: (name, call) =>
      connection.step("read a checkpoint", call, () => {
        const row = get.get(collection, name);
        const value = row && decodeOrNothing(row.value);
        return isPlain(value) ? value : undefined;
      }),
    put: async (name, value, { timeoutMs }) => {
      const bytes = encode(value, types);
      await connection.step("write a checkpoint", { timeoutMs }, () =>
        database.transaction(() => put.run(collection, name, bytes)),
      );
    },
    swap: async (name, value, { timeoutMs }) => {
      const bytes = encode(value, types);
      return connection.step("write a checkpoint", { timeoutMs }, () =>
        database.transaction(() => {
          if (revisionOf(name) !== value.revision - 1) return false;
          put.run(collection, name, bytes);
          return true;
        }),
      );
    },
    list: (prefix, { after, limit }, call) =>
      connection.step("list checkpoints", call, () =>
        page.all(collection, after ?? "", prefix, limit).flatMap(({ name, value: bytes }) => {
          const value = decodeOrNothing(bytes);
          return isPlain(value) ? [{ name, value }] : [];
        }),
      ),
    remove: async (name, { timeoutMs }) => {
      await connection.step("take a checkpoint away", { timeoutMs }, () =>
        database.transaction(() => remove.run(collection, name)),
      );
    },
  };
}

/** A copy of the table for this connection alone. */
function ownTable(database: Database): string {
  database.execute(`PRAGMA temp_store = MEMORY;
CREATE TEMP TABLE IF NOT EXISTS "everdraft.own_checkpoints" (
  collection TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (collection, name)
) STRICT;
INSERT OR IGNORE INTO temp."everdraft.own_checkpoints" SELECT collection, name, value FROM main."everdraft.checkpoints"`);
  return 'temp."everdraft.own_checkpoints"';
}

function decodeOrNothing(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, types);
  } catch {
    return undefined;
  }
}
