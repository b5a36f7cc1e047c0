import type { OnDocument } from "../context/on-document.ts";
import type { Resources } from "../context/resources.ts";
import type { Folded } from "../fold/folded.ts";
import type { StoredEvent } from "../model/event.ts";
import type { Call } from "../port/call.ts";
import type { NamedRows } from "../port/event-log.ts";
import type { RowStore } from "../port/row-store.ts";
import type { StoredCollection } from "../port/storage.ts";
import type { AnyProjection } from "../projection/define-projection.ts";
import { readGenerations } from "./generations.ts";
import { type OpenProjection, openRows } from "./open-rows.ts";
import { createFailingRows } from "./row-failures.ts";
import { type RowsWanted, rowsBeforeStored, writeRows } from "./write-rows.ts";

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
  let opened: readonly OpenProjection[] = [];
  const failing = createFailingRows();
  const dropped = new Set<string>();
  const kept = (): readonly OpenProjection[] =>
    opened.filter(({ projection }) => !dropped.has(projection.name));

  const write = async (
    on: OnDocument,
    one: OpenProjection,
    folded: Folded,
    wanted: RowsWanted,
  ): Promise<boolean> => {
    const written = await writeRows(on, one, folded, wanted);
    if (written.kind === "written") await failing.succeeded(on, one.projection, wanted === "behind");
    if (written.kind === "failed") await failing.failed(on, one.projection, folded, written.error);
    return written.kind === "written";
  };

  /** Rows that were dropped while this process still has their version are not kept any longer. */
  const writeUnlessDropped: typeof write = async (on, one, folded, wanted) => {
    const { name, version } = one.projection;
    try {
      return await write(on, one, folded, wanted);
    } catch (error) {
      const { checkpoints } = await on.opened();
      if (version >= (await readGenerations(checkpoints, name, on.deadline.call())).oldest) throw error;
      dropped.add(name);
      return false;
    }
  };

  const writeAll = async (on: OnDocument, folded: Folded, wanted: RowsWanted): Promise<boolean> => {
    // of nothing but blanks there are no rows
    if (projections.length === 0 || folded.changed === 0) return false;
    await on.opened();
    const wrote = kept().map((one) => writeUnlessDropped(on, one, folded, wanted));
    return (await Promise.all(wrote)).includes(true);
  };

  return {
    projections,
    prepare: async (stored, call) => {
      opened = await openRows(resources, projections, stored, call);
    },
    withEvents: async (on, folded, events) => {
      if (!resources.rowsWithEvents || projections.length === 0) return undefined;
      if (folded.changed === 0) return [];
      try {
        await on.opened();
        // rows that failed before have a record to be taken away
        if (kept().some(({ projection }) => failing.has(projection, on.doc))) return undefined;
        return await Promise.all(kept().map((one) => rowsBeforeStored(on, one, folded, events)));
      } catch {
        return undefined;
      }
    },
    of: (name) => {
      const found = opened.find(({ projection }) => projection.name === name);
      if (found === undefined) throw new TypeError(`The rows of projection ${name} are not open.`);
      return found.rows;
    },
    follow: async (on, folded) => {
      await writeAll(on, folded, "all");
    },
    bringForward: (on, folded) => writeAll(on, folded, "behind"),
  };
}
