import type { IndexStore, StoredIndex } from "@everdraft/core/adapter";
import { isPlain } from "@everdraft/core/adapter";
import type { Connection } from "../connection/connection.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import type { IndexedCollection } from "../connection/driver.ts";
import { indexesOf, makeIndex } from "./index-guard.ts";
import { logIndex, ownersIndex, sameKey, viewIndexes, type WantedIndex } from "./indexes.ts";
import { logIndexesOf } from "./log-indexes.ts";

/** The names of indexes that are the server's or the library's own. */
const own: ReadonlySet<string> = new Set(["_id_", ...viewIndexes.map(({ name }) => name)]);

/**
 * The indexes over the documents, in the user's own collection, and over the log. The server builds and keeps them; `build` makes the next one
 * that was asked for, and waits for it.
 */
export function mongoIndexes(
  connection: Connection,
  { views, events }: { readonly views: IndexedCollection; readonly events: IndexedCollection },
): IndexStore {
  const wanted: WantedIndex[] = [];
  const ofLog: WantedIndex[] = [];
  const listLog = async (deadline: CommandsDeadline): Promise<readonly StoredIndex[]> =>
    (await logIndexesOf(events, deadline)).map(({ field, key }) => {
      return { name: `log.${field}`, keys: key, log: true, complete: true };
    });
  const list = async (deadline: CommandsDeadline): Promise<readonly StoredIndex[]> => [
    ...(await listViews(deadline)),
    ...(await listLog(deadline)),
  ];
  const listViews = async (deadline: CommandsDeadline): Promise<readonly StoredIndex[]> =>
    (await indexesOf(views, deadline)).flatMap(({ name, key }) => {
      if (typeof name !== "string" || own.has(name) || !isPlain(key)) return [];
      const keys = Object.entries(key).map(([field, way]) => [field, Number(way) === -1 ? -1 : 1] as const);
      return [{ name, keys: Object.fromEntries(keys), complete: true }];
    });
  return {
    add: (indexes, call) =>
      connection.run("look at the indexes", call, async (deadline) => {
        const found = await indexesOf(views, deadline);
        for (const index of indexes.map(ownersIndex)) {
          const isThere = [...found, ...wanted].some(({ key }) => sameKey(key, index.key));
          if (!isThere) wanted.push(index);
        }
      }),
    addToLog: (fields, call) =>
      connection.run("look at the indexes", call, async (deadline) => {
        const found = await indexesOf(events, deadline);
        for (const index of fields.map(logIndex)) {
          const isThere = [...found, ...ofLog].some(({ key }) => sameKey(key, index.key));
          if (!isThere) ofLog.push(index);
        }
      }),
    build: (call) =>
      connection.run("make an index", call, async () => {
        const index = wanted.shift();
        if (index !== undefined) await makeIndex(views, index);
        const next = index === undefined ? ofLog.shift() : undefined;
        if (next !== undefined) await makeIndex(events, next);
        return wanted.length + ofLog.length > 0;
      }),
    list: (call) => connection.run("list the indexes", call, list),
    drop: (name, call) =>
      connection.run("drop an index", call, async (deadline) => {
        const ofEvents = (await logIndexesOf(events, deadline)).find(({ field }) => name === `log.${field}`);
        if (ofEvents === undefined && !(await listViews(deadline)).some((index) => index.name === name))
          return false;
        const { collectionName } = ofEvents === undefined ? views : events;
        await connection.db.command(
          { dropIndexes: collectionName, index: ofEvents?.name ?? name },
          { signal: deadline.signal },
        );
        return true;
      }),
  };
}
