import { stat } from "node:fs/promises";
import { idKey } from "@everdraft/core/adapter";
import { listPages } from "./documents.ts";
import type { OpenStore } from "./open-store.ts";
import type { Session } from "./session.ts";

/** What there is to know about a store. */
export interface Facts {
  /** Documents that live now, by their views. */
  readonly documents: number;
  /** Documents that ever were, by the log. */
  readonly everWere: number;
  readonly events: number;
  /** Views that are not of their document's newest event. */
  readonly behind: number;
  /** What the storage takes up, where it can be told. */
  readonly bytes: number | undefined;
  /** The server's clock less this machine's, in milliseconds, where there is a server. */
  readonly clockOffsetMs: number | undefined;
  readonly storage: string;
  /** Whether an event and its view are written together. */
  readonly atomicViews: boolean;
}

/** Looks at a store. Reads the head of every document's history, and every view. */
export async function gatherFacts(session: Session, open: OpenStore): Promise<Facts> {
  const { store, connected } = open;
  const { storage } = connected;
  const { log, views } = await open.stored();
  let [everWere, events, behind] = [0, 0, 0];
  for await (const ids of listPages(session, open)) {
    everWere += ids.length;
    const seen = await views.get(ids, session.call);
    const versions = new Map(seen.flatMap((view) => (view === undefined ? [] : [[idKey(view.id), view]])));
    const heads = await Promise.all(
      ids.map((id) => log.head(id, versions.get(idKey(id))?.version ?? 0, session.call)),
    );
    for (const [i, head] of heads.entries()) {
      if (head === undefined) continue;
      events += head.version;
      const view = versions.get(idKey(ids[i] as (typeof ids)[number]));
      const gone =
        view === undefined && (head.type === "deleted" || head.patches.some(({ path }) => path.length === 0));
      if (!gone && view?.version !== head.version) behind++;
    }
  }
  return {
    documents: await store.count({}, session.call),
    ...{ everWere, events, behind },
    bytes: await bytesOf(open),
    clockOffsetMs: await storage.clockOffset?.(session.call),
    storage: storage.name,
    atomicViews: storage.capabilities.atomic,
  };
}

async function bytesOf({ connected, target }: OpenStore): Promise<number | undefined> {
  const { beneath } = connected;
  if (beneath === undefined) return undefined;
  if ("path" in beneath) {
    const sizes = ["", "-wal"].map(
      async (end) => (await stat(beneath.path + end).catch(() => undefined))?.size ?? 0,
    );
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  }
  const { collection } = target.options;
  let sum = 0;
  for (const name of [collection, `${collection}.events`, `${collection}.snapshots`]) {
    const stats = await beneath.db.command({ collStats: name }).catch(() => undefined);
    if (stats === undefined) continue;
    sum += Number(stats.storageSize ?? stats.size ?? 0) + Number(stats.totalIndexSize ?? 0);
  }
  return sum === 0 ? undefined : sum;
}
