import type { Storage } from "@everdraft/core";
import type { EventLog } from "@everdraft/core/adapter";

/**
 * A storage of one document that has its records in memory and no snapshots, so that a replay is timed without the engine: it
 * decodes, checks and folds all events from the first one on.
 */
export async function recordsOnly(storage: Storage<string>, doc: string): Promise<Storage<string>> {
  const all = { from: 1, to: Number.MAX_SAFE_INTEGER, limit: Number.MAX_SAFE_INTEGER };
  return {
    ...storage,
    close: async () => {},
    open: async (collection, call) => {
      const opened = await storage.open(collection, call);
      const kept = await opened.log.records?.(doc, all, call);
      if (kept === undefined) throw new Error("the storage keeps no records");
      const records: EventLog["records"] = async (_, { from, to, limit }) => {
        const last = Math.min(to, from + limit - 1, kept.ends.length);
        const start = kept.ends[from - 2] ?? 0;
        const bytes = kept.bytes.subarray(start, kept.ends[last - 1] ?? start);
        return { bytes, ends: kept.ends.slice(from - 1, last).map((end) => end - start) };
      };
      const around = async () => ({});
      return {
        ...opened,
        log: { ...opened.log, records },
        snapshots: { ...opened.snapshots, around },
      };
    },
  };
}
