import type { DocumentId, View } from "@everdraft/core/adapter";
import { type Inspection, inspect } from "@everdraft/core/upkeep";
import { listPages } from "./documents.ts";
import { codeOf } from "./failure.ts";
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
      const found = await viewsOf(views, ids, session);
      const late = await Promise.all(
        found.map((view, i) => view === "unreadable" || isBehind(log, ids[i] as DocumentId, view, session)),
      );
      everWere += ids.length;
      behind += late.filter(Boolean).length;
      progress.update({ ...pace(everWere), position: ids.at(-1), failures: 0 });
    }
  } finally {
    progress.stop();
  }
  return { everWere, behind };
}

/** The views of these documents; one that cannot be read keeps nothing from the others. */
async function viewsOf(
  views: Stored["views"],
  ids: readonly DocumentId[],
  session: Session,
): Promise<readonly (View | "unreadable" | undefined)[]> {
  try {
    return await views.get(ids, session.call);
  } catch (error) {
    if (codeOf(error) !== "drift") throw error;
    if (ids.length === 1) return ["unreadable"];
    return (await Promise.all(ids.map((id) => viewsOf(views, [id], session)))).flat();
  }
}

type Stored = Awaited<ReturnType<OpenStore["stored"]>>;

async function isBehind(
  log: Stored["log"],
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
