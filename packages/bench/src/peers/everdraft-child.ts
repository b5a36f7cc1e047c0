import { createStore, type Storage } from "@everdraft/core";
import { mongoStorage } from "@everdraft/mongo-adapter";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import { MongoClient } from "mongodb";
import { collection } from "../scratch.ts";
import type { OpenPeer, Peer, Place, State } from "./peer.ts";
import { serve } from "./serve.ts";

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
function onSqlite({ file }: Place): Peer {
  return everdraft(sqliteStorage(file));
}

/** Everdraft on a MongoDB. */
function onMongo({ uri, database }: Place, cache?: { maxBytes: number }): Peer {
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
function onMongoUncached(place: Place): Peer {
  return onMongo(place, { maxBytes: 0 });
}

const openers: Readonly<Record<string, OpenPeer>> = { onSqlite, onMongo, onMongoUncached };
const open = openers[process.argv[3] ?? ""];
if (open === undefined) throw new Error(`The second argument is one of ${Object.keys(openers).join(", ")}.`);
await serve(open);
