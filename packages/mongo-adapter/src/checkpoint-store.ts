import { type CheckpointStore, isPlain, type PlainObject } from "@everdraft/core/adapter";
import type { Document } from "mongodb";
import { fromBson, toBson } from "./bson.ts";
import { collectionOptions, durably } from "./concerns.ts";
import type { Connection } from "./connection.ts";
import { checkpointsName } from "./names.ts";

/** The checkpoints of a collection, in the collection that all of the database share. */
export function mongoCheckpoints(connection: Connection, collection: string): CheckpointStore {
  const checkpoints = connection.db.collection<Document>(checkpointsName, collectionOptions);
  // an array, so that no name of one collection can be another's
  const idOf = (name: string): string => JSON.stringify([collection, name]);
  return {
    get: (name, call) =>
      connection.run("read a checkpoint", call, async (deadline) => {
        const found = await checkpoints.findOne({ _id: idOf(name) } as Document, {
          maxTimeMS: deadline.left(),
          signal: deadline.signal,
        });
        const value = fromBson(found?.value);
        return isPlain(value) ? (value as PlainObject) : undefined;
      }),
    put: (name, value, { timeoutMs }) =>
      connection.run("write a checkpoint", { timeoutMs }, async (deadline) => {
        const _id = idOf(name);
        const options = { upsert: true, ...durably(deadline) };
        const document = { collection, name, value: toBson(value) };
        await checkpoints.replaceOne({ _id } as Document, document, options);
      }),
  };
}
