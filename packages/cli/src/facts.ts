import type { Facts as CollectionFacts, DocumentId, View } from "@everdraft/core/adapter";
import { listPages } from "./documents.ts";
import type { OpenStore } from "./open-store.ts";
import { createPace, createProgress } from "./progress.ts";
import type { Session } from "./session.ts";

/** What there is to know about a store. */
export interface Facts extends CollectionFacts {
  /** Documents that ever were, and views that are not of their document's newest event; not looked for where quick. */
  readonly scanned: { readonly everWere: number; readonly behind: number } | undefined;
  /** Documents of which a projection could not give rows. */
  readonly failures: number;
  /** The server's clock less this machine's, in milliseconds, where there is a server. */
  readonly clockOffsetMs: number | undefined;
}

/** Looks at a store. Unless quick it reads the head of every document's history, and every view. */
export async function gatherFacts(session: Session, open: OpenStore, quick: boolean): Promise<Facts> {
  const stored = await open.stored();
  return {
    ...(await stored.facts(session.call)),
    scanned: quick ? undefined : await scan(session, open),
    failures: await countFailures(session, open),
    clockOffsetMs: await open.connected.storage.clockOffset?.(session.call),
  };
}

async function scan(session: Session, open: OpenStore): Promise<Facts["scanned"]> {
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

const pageSize = 500;

async function countFailures(session: Session, open: OpenStore): Promise<number> {
  const { checkpoints } = await open.stored();
  let many = 0;
  for (let after: string | undefined; ; ) {
    const page = await checkpoints.list(
      "failure:",
      { ...(after !== undefined && { after }), limit: pageSize },
      session.call,
    );
    many += page.length;
    after = page.at(-1)?.name;
    if (page.length < pageSize) return many;
  }
}
