import { isPlain, type Neighbours, type Snapshot, type SnapshotStore } from "@everdraft/core/adapter";
import { fromBson, toBson } from "./bson/bson.ts";
import { numberOf, textOf, timeOf } from "./bson/bson-values.ts";
import { dateOf, firstTime } from "./bson/dates.ts";
import { idOf } from "./bson/id-kinds.ts";
import { collectionOf } from "./connection/collection-of.ts";
import { durably } from "./connection/concerns.ts";
import type { Connection } from "./connection/connection.ts";
import type { Read } from "./connection/driver.ts";

/** A snapshot as its collection holds it. */
interface SnapshotDocument extends Omit<Snapshot, "at" | "state"> {
  readonly at: Date;
  /** The state in BSON's form. */
  readonly state: unknown;
}

/** The snapshots in MongoDB: one document each, with its state in a field of its own. */
export function mongoSnapshots(connection: Connection, name: string): SnapshotStore {
  const snapshots = collectionOf<SnapshotDocument>(connection.db, name);
  return {
    around: (doc, moment, call) =>
      connection.run("read a snapshot", call, async (deadline) => {
        const options = (): object => ({ maxTimeMS: deadline.left(), signal: deadline.signal });
        if ("version" in moment) {
          const filter = { doc, version: { $gte: 1, $lt: moment.version + 1 } };
          const found = await snapshots.find(filter, options()).sort({ version: -1 }).limit(1).next();
          return found === null ? {} : { before: snapshotOf(found) };
        }
        // ranges are half open: times are whole numbers, and so no index has to tell equal ones apart
        const next = dateOf(Math.floor(moment.date) + 1);
        const [before, after] = await Promise.all([
          snapshots
            .find({ doc, at: { $gte: firstTime, $lt: next } }, options())
            .sort({ at: -1, version: -1 })
            .limit(1)
            .next(),
          snapshots
            .find({ doc, at: { $gte: next } }, { ...options(), projection: { _id: 0, version: 1 } })
            .sort({ at: 1, version: 1 })
            .limit(1)
            .next(),
        ]);
        const neighbours: Neighbours = {
          ...(before && { before: snapshotOf(before) }),
          ...(after && { after: numberOf(after.version) }),
        };
        return neighbours;
      }),
    put: (snapshot, { timeoutMs }) =>
      connection.run("keep a snapshot", { timeoutMs }, async (deadline) => {
        const { doc, version, at, state, ...rest } = snapshot;
        const document = { doc, version, at: new Date(at), ...rest, state: toBson(state) };
        const options = { upsert: true, ...durably(deadline) };
        await snapshots.replaceOne({ doc, version }, document, options);
      }),
    drop: (doc, version, { timeoutMs }) =>
      connection.run("drop a snapshot", { timeoutMs }, async (deadline) => {
        const options = { ...durably(deadline) };
        if (version === "all") await snapshots.deleteMany({ doc, version: { $gte: 1 } }, options);
        else await snapshots.deleteOne({ doc, version }, options);
      }),
  };
}

/** A state that cannot be read becomes an empty one: a snapshot whose digest is not its state's is dropped. */
function snapshotOf(document: Read<SnapshotDocument>): Snapshot {
  const state = fromBson(document.state);
  return {
    doc: idOf(document.doc) ?? "",
    version: numberOf(document.version),
    at: timeOf(document.at),
    by: idOf(document.by) ?? "",
    eventId: textOf(document.eventId),
    hash: textOf(document.hash),
    schema: numberOf(document.schema),
    digest: textOf(document.digest),
    state: isPlain(state) ? state : {},
    format: numberOf(document.format),
  };
}
