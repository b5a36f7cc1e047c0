import { randomUUID } from "node:crypto";
import type { Collection, CollectionOptions, Db, Document } from "mongodb";
import { changeLine, type Order } from "./documents.ts";

/** A document with an id that is a text. */
type Kept = Document & { _id: string };

/** The work of somebody who keeps a document and its events by the bare driver, with the same concerns. */
export interface RawMongo {
  /** Keeps a document in its first version. */
  make(id: string, state: Order): Promise<void>;
  /** Reads the document, changes it, inserts the event and replaces the document: three round trips. */
  edit(id: string, turn: number): Promise<void>;
}

/** The options that the adapter gives to every operation. */
export const concerns: CollectionOptions = {
  readPreference: "primary",
  readConcern: { level: "majority" },
  writeConcern: { w: "majority", journal: true },
};

/** Two collections with the index that guards versions. Each event is as large as `event` is. */
export async function rawMongo(db: Db, event: Document): Promise<RawMongo> {
  const events: Collection<Document> = db.collection("raw.events", concerns);
  const current: Collection<Kept> = db.collection("raw", concerns);
  await events.createIndex({ doc: 1, version: 1 }, { unique: true });
  return {
    make: async (_id, state) => {
      await current.insertOne({ ...state, _id, version: 1 });
    },
    edit: async (_id, turn) => {
      const document = await current.findOne({ _id });
      if (document === null) throw new Error(`there is no ${_id}`);
      const { version, ...state } = document;
      changeLine(state as never, turn);
      await events.insertOne({ ...event, _id: randomUUID() as never, doc: _id, version: version + 1 });
      await current.replaceOne({ _id }, { ...state, version: version + 1 });
    },
  };
}
