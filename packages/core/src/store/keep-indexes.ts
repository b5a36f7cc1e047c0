import type { Notice } from "../context/notice.ts";
import type { StoreOptions } from "../context/options.ts";
import type { Call, Signal } from "../port/call.ts";
import { deadlineOfEach } from "../port/deadline.ts";
import type { LogIndexField } from "../port/index-store.ts";
import { pace } from "../port/pace.ts";
import type { RowIndex } from "../port/row-store.ts";
import type { StoredCollection } from "../port/storage.ts";

/** Adds and builds the indexes that a store's options ask for. */
export interface IndexBuilder {
  /** Notes which indexes are complete before any is added. A part of opening the collection, and its beginning. */
  begin(stored: StoredCollection, call: Call): Promise<void>;
  /** Adds those over the documents and the log. */
  add(stored: StoredCollection, call: Call): Promise<void>;
  /** Builds those that are not complete, piece by piece, and tells of each that is. Never throws. */
  build(stored: StoredCollection): Promise<void>;
}

/** How long a piece of a build may take, in milliseconds: where the engine builds by itself it is the whole. */
const buildMs = 600_000;

/** The indexes that a store asks for. */
interface WantedIndexes {
  /** Those over its documents. */
  readonly wanted: readonly RowIndex[];
  /** Those over its log. */
  readonly ofLog: readonly LogIndexField[];
  /** Whether there are any, those over its log and over the rows of its projections included. */
  readonly any: boolean;
}

/** The indexes that the options of a store ask for. */
export function wantedIndexes({
  indexes,
  logIndexes = [],
  projections = [],
}: StoreOptions<never, never>): WantedIndexes {
  const wanted: readonly RowIndex[] = indexes ?? [];
  const ofRows = projections.some((projection) => (projection.indexes ?? []).length > 0);
  return { wanted, ofLog: logIndexes, any: wanted.length + logIndexes.length > 0 || ofRows };
}

/** The builder of one store. */
export function createIndexBuilder(
  { wanted, ofLog, any }: WantedIndexes,
  ending: Signal,
  notice: (notice: Notice) => void,
): IndexBuilder {
  const known = new Set<string>();
  const complete = async ({ indexes }: StoredCollection, call: Call): Promise<readonly string[]> =>
    ((await indexes?.list(call)) ?? []).filter((index) => index.complete).map(({ name }) => name);
  return {
    begin: async (stored, call) => {
      if (any) for (const name of await complete(stored, call)) known.add(name);
    },
    add: async ({ indexes }, call) => {
      if (wanted.length > 0) await indexes?.add(wanted, call);
      if (ofLog.length > 0) await indexes?.addToLog(ofLog, call);
    },
    build: async (stored) => {
      if (!any || stored.indexes === undefined) return;
      const deadline = deadlineOfEach({ signal: ending, timeoutMs: buildMs });
      try {
        do await pace.turn();
        while (await stored.indexes.build?.(deadline.call()));
        for (const index of await complete(stored, deadline.call()))
          if (!known.has(index)) notice({ type: "index-built", index });
      } catch (cause) {
        if (!ending.aborted) notice({ type: "index-failed", cause });
      }
    },
  };
}
