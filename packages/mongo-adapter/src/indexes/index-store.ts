import type { IndexStore, StoredIndex } from "@everdraft/core/adapter";
import { isPlain } from "@everdraft/core/adapter";
import type { Connection } from "../connection/connection.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import type { IndexedCollection } from "../connection/driver.ts";
import { indexesOf, makeIndex } from "./index-guard.ts";
import { ownersIndex, sameKey, viewIndexes, type WantedIndex } from "./indexes.ts";

/** The names of indexes that are the server's or the library's own. */
const own: ReadonlySet<string> = new Set(["_id_", ...viewIndexes.map(({ name }) => name)]);

/**
 * The indexes over the documents, in the user's own collection. The server builds and keeps them; `build` makes the next one
 * that was asked for, and waits for it.
 */
export function mongoIndexes(connection: Connection, views: IndexedCollection): IndexStore {
  const wanted: WantedIndex[] = [];
  const list = async (deadline: CommandsDeadline): Promise<readonly StoredIndex[]> =>
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
    build: (call) =>
      connection.run("make an index", call, async () => {
        const index = wanted.shift();
        if (index !== undefined) await makeIndex(views, index);
        return wanted.length > 0;
      }),
    list: (call) => connection.run("list the indexes", call, list),
    drop: (name, call) =>
      connection.run("drop an index", call, async (deadline) => {
        if (!(await list(deadline)).some((index) => index.name === name)) return false;
        await connection.db.command(
          { dropIndexes: views.collectionName, index: name },
          { signal: deadline.signal },
        );
        return true;
      }),
  };
}
