import { type CheckpointStore, decode, encode, isPlain } from "@everdraft/core/adapter";
import { types } from "./capabilities.ts";
import type { Connection } from "./connection.ts";

/**
 * The checkpoints of a collection, in the table that all collections of the file share. One that cannot be
 * read counts as missing: work begins anew.
 */
export function sqliteCheckpoints(connection: Connection, collection: string): CheckpointStore {
  const database = connection.database();
  const table = '"everdraft.checkpoints"';
  const get = database.prepare<{ value: Uint8Array }>(
    `SELECT value FROM ${table} WHERE collection = ? AND name = ?`,
  );
  const put = database.prepare(`INSERT OR REPLACE INTO ${table} (collection, name, value) VALUES (?, ?, ?)`);
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
  };
}

function decodeOrNothing(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, types);
  } catch {
    return undefined;
  }
}
