import { type CheckpointStore, isPlain } from "@everdraft/core/adapter";
import { fromBson, toBson } from "./bson/bson.ts";
import { collectionOf } from "./connection/collection-of.ts";
import { durably } from "./connection/concerns.ts";
import type { Connection } from "./connection/connection.ts";
import { checkpointsName } from "./connection/names.ts";
import { codeOf } from "./errors/driver-errors.ts";

const duplicateKey = 11000;

/** A checkpoint as it is stored. */
interface CheckpointDocument {
  /** The names of its collection and its own, as JSON. */
  readonly _id: string;
  readonly collection: string;
  readonly name: string;
  /** The value in BSON's form. */
  readonly value: unknown;
}

/** The checkpoints of a collection, in the collection that all of the database share. */
export function mongoCheckpoints(connection: Connection, collection: string): CheckpointStore {
  const checkpoints = collectionOf<CheckpointDocument>(connection.db, checkpointsName);
  // an array, so that no name of one collection can be another's
  const idOf = (name: string): string => JSON.stringify([collection, name]);
  // the ids of all names with this prefix begin so
  const openEnded = (prefix: string): string => idOf(prefix).slice(0, -2);
  return {
    get: (name, call) =>
      connection.run("read a checkpoint", call, async (deadline) => {
        const found = await checkpoints.findOne(
          { _id: idOf(name) },
          {
            maxTimeMS: deadline.left(),
            signal: deadline.signal,
          },
        );
        const value = fromBson(found?.value);
        return isPlain(value) ? value : undefined;
      }),
    put: (name, value, { timeoutMs }) =>
      connection.run("write a checkpoint", { timeoutMs }, async (deadline) => {
        const _id = idOf(name);
        const options = { upsert: true, ...durably(deadline) };
        const document = { collection, name, value: toBson(value) };
        // where two insert at once, one of them may be told so: some servers do not try again themselves
        for (;;) {
          try {
            await checkpoints.replaceOne({ _id }, document, options);
            return;
          } catch (error) {
            if (codeOf(error) !== duplicateKey || deadline.over()) throw error;
          }
        }
      }),
    swap: (name, value, { timeoutMs }) =>
      connection.run("write a checkpoint", { timeoutMs }, async (deadline) => {
        const document = { collection, name, value: toBson(value) };
        const before = value.revision === 1 ? { $not: { $type: "number" } } : { $eq: value.revision - 1 };
        const filter = { _id: idOf(name), "value.revision": before };
        const options = { upsert: value.revision === 1, ...durably(deadline) };
        try {
          const { matchedCount, upsertedCount } = await checkpoints.replaceOne(filter, document, options);
          return matchedCount + upsertedCount === 1;
        } catch (error) {
          // there is one that does not meet the filter
          if (codeOf(error) === duplicateKey) return false;
          throw error;
        }
      }),
    list: (prefix, { after, limit }, call) =>
      connection.run("list checkpoints", call, async (deadline) => {
        const [lowest, beyond] = [openEnded(prefix), `${openEnded(prefix)}\u{10ffff}`];
        const range = after === undefined ? { $gte: lowest } : { $gt: idOf(after) };
        const filter = { _id: { ...range, $lt: beyond } };
        const found = await checkpoints
          .find(filter, { maxTimeMS: deadline.left(), signal: deadline.signal })
          .sort({ _id: 1 })
          .limit(limit)
          .toArray();
        return found.flatMap(({ name, value: stored }) => {
          const value = fromBson(stored);
          return isPlain(value) ? [{ name: String(name), value }] : [];
        });
      }),
    remove: (name, { timeoutMs }) =>
      connection.run("take a checkpoint away", { timeoutMs }, async (deadline) => {
        await checkpoints.deleteOne({ _id: idOf(name) }, durably(deadline));
      }),
  };
}
