import { createStore, type Storage } from "@everdraft/core";
import { mongoStorage } from "@everdraft/mongo-adapter";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import { MongoClient } from "mongodb";
import { collection } from "../scratch.ts";
import type { Peer, Place, State } from "./peer.ts";

const patient = { timeoutMs: 60_000 };

/** Everdraft in the form of the peers. */
function everdraft(storage: Storage<string>, cache?: { maxBytes: number }): Peer {
  const store = createStore<State>({ collection, storage, ...(cache && { cache }) });
  return {
    create: (id, state, { by, reason }) =>
      store.create(id, by, state, { ...patient, ...(reason && { reason }) }),
    replace: (id, state, { by, reason }) =>
      store.replace(id, by, state, { ...patient, ...(reason && { reason }) }),
    stateAt: (id, version) => store.stateAt(id, { version }, patient),
    close: async () => {
      await store.close();
      await storage.close();
    },
  };
}

/** Everdraft on an SQLite file. */
export function onSqlite({ file }: Place): Peer {
  return everdraft(sqliteStorage(file));
}

/** Everdraft on a MongoDB. */
export function onMongo({ uri, database }: Place, cache?: { maxBytes: number }): Peer {
  const client = new MongoClient(uri);
  const peer = everdraft(mongoStorage(client.db(database)), cache);
  return {
    ...peer,
    close: async () => {
      await peer.close();
      await client.close();
    },
  };
}

/** The same without a cache. */
export function onMongoUncached(place: Place): Peer {
  return onMongo(place, { maxBytes: 0 });
}
