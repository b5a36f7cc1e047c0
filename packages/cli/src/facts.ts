import type { DocumentId, View } from "@everdraft/core/adapter";
import { type Inspection, inspect } from "@everdraft/core/upkeep";
import { listPages } from "./documents.ts";
import type { OpenStore } from "./open-store.ts";
import { createPace, createProgress } from "./progress.ts";
import type { Session } from "./session.ts";

/** What there is to know about a store. */
export interface Facts extends Inspection {
  /** Documents that ever were, and views that are not of their document's newest event; left out where quick. */
  readonly scanned?: { readonly everWere: number; readonly behind: number };
}

/** Looks at a store. Unless quick it reads the head of every document's history, and every view. */
export async function gatherFacts(session: Session, open: OpenStore, quick: boolean): Promise<Facts> {
  const inspection = await inspect(open.store, session.call);
  return quick ? inspection : { ...inspection, scanned: await scan(session, open) };
}

async function scan(session: Session, open: OpenStore): Promise<NonNullable<Facts["scanned"]>> {
  const { log, views } = await open.stored();
  const progress = createProgress(session, "document");
  const pace = createPace();
  let [everWere, behind] = [0, 0];
  try {
    for await (const ids of listPages(session, open)) {
      const found = await views.get(ids, session.call);
      const late = await Promise.all(ids.map((id, i) => isBehind(log, id, found[i], session)));
      everWere += ids.length;
      behind += late.filter(Boolean).length;
      progress.update({ ...pace(everWere), position: ids.at(-1), failures: 0 });
    }
  } finally {
    progress.stop();
  }
  return { everWere, behind };
}

type Log = Awaited<ReturnType<OpenStore["stored"]>>["log"];

async function isBehind(
  log: Log,
  id: DocumentId,
  view: View | undefined,
  { call }: Session,
): Promise<boolean> {
  const head = await log.head(id, view?.version ?? 0, call);
  if (head === undefined || view?.version === head.version) return false;
  // a deleted document has no view where the storage takes it away
  const gone = head.patches.some(({ op, path }) => op === "remove" && path.length === 0);
  return view !== undefined || !gone;
}
