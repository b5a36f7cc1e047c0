import type { LogIndexField, StoredIndex } from "@everdraft/core/adapter";
import type { Connection } from "../engine/connection.ts";
import { logFields, logIndexesOf, logIndexName, makeLogIndex } from "../log/log-indexes.ts";
import { quote, type TableNames } from "../tables.ts";

/** A log of at most so many events gets its indexes while it is opened. */
const short = 1_000;

/** The indexes over the log of a collection, as the engine keeps them. Each call is within a step. */
export interface LogIndexKeeper {
  /** Remembers which ones are to be made. */
  want(fields: readonly LogIndexField[]): void;
  /** Whether the log is so short that they are made in no time. */
  isShort(): boolean;
  /** Whether one is still to be made. */
  isLeft(): boolean;
  /** Makes the next one. Whether more are left. */
  build(): boolean;
  list(): readonly StoredIndex[];
  /** Takes one away by its name. Whether there was one. */
  drop(name: string): boolean;
}

/** The keeper of one collection. */
export function logIndexKeeper(connection: Connection, names: TableNames): LogIndexKeeper {
  const database = connection.database();
  const found = logIndexesOf(database, names);
  const newest = database.prepare<{ position: number }>(
    `SELECT position FROM ${quote(names.events)} ORDER BY position DESC LIMIT 1`,
  );
  let wanted: readonly LogIndexField[] = [];
  return {
    want: (fields) => {
      const there = found();
      wanted = connection.forReading() ? [] : fields.filter((field) => !there.has(field));
    },
    isShort: () => (newest.get()?.position ?? 0) <= short,
    isLeft: () => wanted.length > 0,
    build: () => {
      const [field, ...rest] = wanted;
      if (field !== undefined) makeLogIndex(database, names, field);
      wanted = rest;
      return rest.length > 0;
    },
    list: () =>
      [...found()].toSorted().map((field) => ({
        name: `log.${field}`,
        keys: { [field]: 1, at: 1, doc: 1, version: 1 },
        log: true,
        complete: true,
      })),
    drop: (name) => {
      const field = logFields.find((one) => name === `log.${one}`);
      if (field === undefined || !found().has(field)) return false;
      database.execute(`DROP INDEX ${quote(logIndexName(names, field))}`);
      return true;
    },
  };
}
