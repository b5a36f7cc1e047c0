import type { Snapshot } from "../fold/snapshot.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";
import type { Neighbours, SnapshotStore } from "../port/snapshot-store.ts";

/** The snapshots in memory: for each document a list in the order of versions. */
export function memorySnapshots(refuseClosed: () => void): SnapshotStore & { count(): number } {
  const kept = new Map<string, readonly Snapshot[]>();
  const of = (doc: DocumentId): readonly Snapshot[] => kept.get(idKey(doc)) ?? [];
  return {
    count: () => [...kept.values()].reduce((sum, list) => sum + list.length, 0),
    around: async (doc, moment) => {
      refuseClosed();
      const isBefore = (one: Snapshot): boolean =>
        "date" in moment ? one.at <= moment.date : one.version <= moment.version;
      const before = of(doc).findLast(isBefore);
      const after = "date" in moment ? of(doc).find((one) => !isBefore(one))?.version : undefined;
      const neighbours: Neighbours = { ...(before && { before }), ...(after !== undefined && { after }) };
      return neighbours;
    },
    put: async (snapshot) => {
      refuseClosed();
      const others = of(snapshot.doc).filter(({ version }) => version !== snapshot.version);
      kept.set(
        idKey(snapshot.doc),
        [...others, snapshot].sort((a, b) => a.version - b.version),
      );
    },
    drop: async (doc, version) => {
      refuseClosed();
      kept.set(
        idKey(doc),
        of(doc).filter((one) => version !== "all" && one.version !== version),
      );
    },
  };
}
