import type { Resources } from "../context/resources.ts";
import type { Folded } from "../fold/folded.ts";
import { snapshotOf } from "../fold/snapshot.ts";
import type { DocumentId } from "../model/document-id.ts";
import { deadlineOfCall } from "../port/deadline.ts";
import { pace } from "../port/pace.ts";

/** Takes snapshots where they are due. */
export interface SnapshotKeeper {
  /** Starts keeping a snapshot of a document whose event is stored. */
  keep(doc: DocumentId, folded: Folded): void;
  /** Waits for the snapshots that are under way. */
  settled(): Promise<void>;
}

/**
 * Makes the keeper of one store. A snapshot that could not be kept is told as a notice, and the next write to
 * the document tries again.
 */
export function createSnapshotKeeper(resources: Resources): SnapshotKeeper {
  const underWay = new Set<Promise<void>>();

  const put = async (doc: DocumentId, folded: Folded): Promise<void> => {
    const deadline = deadlineOfCall(undefined, doc);
    try {
      const { snapshots } = await resources.opened(deadline);
      // an import may take many at once
      await pace.turn();
      await snapshots.put(snapshotOf(folded, doc, resources.types), deadline.call());
    } catch (cause) {
      // loaded anew, the document has its snapshot still due
      resources.cache.delete(doc);
      resources.notice({ type: "snapshot-failed", id: doc, version: folded.version, cause });
    }
  };

  return {
    keep: (doc, folded) => {
      const task = put(doc, folded).finally(() => underWay.delete(task));
      underWay.add(task);
    },
    settled: async () => {
      await Promise.all(underWay);
    },
  };
}
