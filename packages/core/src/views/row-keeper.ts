import type { OnDocument } from "../context/on-document.ts";
import type { Resources } from "../context/resources.ts";
import { ProjectionError } from "../errors/projection-error.ts";
import type { Folded } from "../fold/folded.ts";
import { type Mark, rowsMark } from "../history/mark.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import type { Call } from "../port/call.ts";
import type { NamedRows } from "../port/event-log.ts";
import type { RowStore } from "../port/row-store.ts";
import type { StoredCollection } from "../port/storage.ts";
import { type AnyProjection, rowsName } from "../projection/define-projection.ts";
import { changeGenerations, readGenerations } from "./generations.ts";
import { projectDocument } from "./project-document.ts";
import { clearFailure, type FailedRows, noteFailure } from "./row-failures.ts";
import { rowsRefused } from "./rows-refused.ts";

/** Keeps the rows of a store's projections. */
export interface RowKeeper {
  /** The projections of this store. */
  readonly projections: readonly AnyProjection[];
  /**
   * The rows that the storage is to write with these events, behind which the document is so. Undefined where it writes
   * none with events, or one of the projections fails: then `follow` writes and tells. Never throws.
   */
  withEvents(
    on: OnDocument,
    folded: Folded,
    events: readonly StoredEvent[],
  ): Promise<readonly NamedRows[] | undefined>;
  /** Writes the rows of a document of this version, all projections; rows of a higher version stay. */
  follow(on: OnDocument, folded: Folded): Promise<void>;
  /** Writes those rows of a document that are behind its folded version. Whether there were any. */
  bringForward(on: OnDocument, folded: Folded): Promise<boolean>;
  /** Opens their rows. A part of opening the collection, before anything is written. */
  prepare(stored: StoredCollection, call: Call): Promise<void>;
  /** The rows of this store's version of a projection, once the collection is open. */
  of(name: string): RowStore;
}

/** Makes the keeper of one store. An error of a projection fails no call: it is noted, and told as a notice. */
export function createRowKeeper(resources: Resources, projections: readonly AnyProjection[]): RowKeeper {
  const opened = new Map<string, RowStore>();
  // of this process: what succeeds again has a record to be taken away
  const failing = new Set<string>();
  const dropped = new Set<string>();

  const write = async (
    on: OnDocument,
    projection: AnyProjection,
    folded: Folded,
    over: "all" | "behind",
  ): Promise<boolean> => {
    const { doc, deadline } = on;
    const { name, version } = projection;
    // nothing but blanks
    if (folded.changed === 0) return false;
    const { checkpoints } = await on.opened();
    const rows = opened.get(name) as RowStore;
    const looks = over === "behind" || projection.fold !== undefined;
    const [before] = looks ? await rows.get([doc], deadline.call()) : [];
    if (before !== undefined && before.version >= folded.changed) return false;
    const key = `${name} ${idKey(doc)}`;
    try {
      const set = await projectDocument(on, projection, { folded, before });
      const outcome = await rows.write(set, "lower", deadline.call());
      if (outcome === "refused") throw await rowsRefused(rows, projection, set, deadline);
      if (outcome === "behind") throw new Error("the rows are behind");
    } catch (error) {
      if (!(error instanceof ProjectionError)) throw error;
      // the rows of a newer version may be there by now, and its success has nothing more to strike off
      const [now] = await rows.get([doc], deadline.call());
      if (now !== undefined && now.version >= folded.changed) return false;
      failing.add(key);
      const { reason, version: at } = error.details;
      const failure = { projection: name, projectionVersion: version, doc, version: at, reason };
      await noteFailure(checkpoints, failure, deadline);
      resources.notice({ type: "projection-failed", id: doc, version: folded.changed, cause: error });
      return false;
    }
    if (failing.delete(key)) await clearFailure(checkpoints, failureOf(projection, doc), deadline);
    return true;
  };

  /** Rows that were dropped while this process still has their version are not kept any longer. */
  const writeUnlessDropped: typeof write = async (on, projection, folded, over) => {
    const { name, version } = projection;
    if (dropped.has(name)) return false;
    try {
      return await write(on, projection, folded, over);
    } catch (error) {
      const { checkpoints } = await on.opened();
      if (version >= (await readGenerations(checkpoints, name, on.deadline.call())).oldest) throw error;
      dropped.add(name);
      return false;
    }
  };

  const writeAll = async (on: OnDocument, folded: Folded, over: "all" | "behind"): Promise<boolean> => {
    const wrote = projections.map((projection) => writeUnlessDropped(on, projection, folded, over));
    return (await Promise.all(wrote)).includes(true);
  };

  /** The rows of one projection at a version whose event is not stored yet. */
  const beforeStored = async (
    on: OnDocument,
    projection: AnyProjection,
    folded: Folded,
    events: readonly StoredEvent[],
  ): Promise<NamedRows> => {
    const { name, version, fold } = projection;
    const rows = opened.get(name) as RowStore;
    const [before] = fold === undefined ? [] : await rows.get([on.doc], on.deadline.call());
    const set = await projectDocument(on, projection, { folded, before, unstored: events });
    return { name: rowsName(name, version), set };
  };

  return {
    projections,
    prepare: async (stored, call) => {
      if (projections.length === 0) return;
      // where nothing was ever written there is nothing to build
      const isEmpty = (await stored.log.documents({ limit: 1 }, call)).length === 0;
      for (const { name, version, indexes = [] } of projections) {
        opened.set(name, await stored.rows(rowsName(name, version), indexes, call));
        if (!isEmpty) continue;
        const { checkpoints } = stored;
        const { revision } = await readGenerations(checkpoints, name, call);
        if (revision > 0) continue;
        // all that is ever stored is behind it, so that no sweep of a store without the projection hides anything
        const mark: Mark = { at: resources.clock.now(), last: { position: 0 } };
        await checkpoints.put(rowsMark(name, version), mark, call);
        const first = { revision: 0, active: version, oldest: version };
        await changeGenerations(checkpoints, name, (now) => (now.revision === 0 ? first : now), call);
      }
    },
    withEvents: async (on, folded, events) => {
      if (!resources.rowsWithEvents || projections.length === 0) return undefined;
      const kept = projections.filter(({ name }) => !dropped.has(name));
      // nothing but blanks
      if (folded.changed === 0) return [];
      // whose rows failed before has a record to be taken away
      if (kept.some(({ name }) => failing.has(`${name} ${idKey(on.doc)}`))) return undefined;
      try {
        await on.opened();
        return await Promise.all(kept.map((projection) => beforeStored(on, projection, folded, events)));
      } catch {
        return undefined;
      }
    },
    of: (name) => opened.get(name) as RowStore,
    follow: async (on, folded) => {
      await writeAll(on, folded, "all");
    },
    bringForward: (on, folded) => writeAll(on, folded, "behind"),
  };
}

function failureOf({ name, version }: AnyProjection, doc: DocumentId): FailedRows {
  return { projection: name, projectionVersion: version, doc };
}
