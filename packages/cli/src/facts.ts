import { countBehind, type Inspection, inspect } from "@everdraft/core/upkeep";
import { positionOf } from "./documents/document-id.ts";
import type { Session } from "./session.ts";
import type { OpenStore } from "./store/open-store.ts";
import { createProgress, createSpeed } from "./terminal/progress.ts";

/** The result of a look at every view. */
interface Scanned {
  readonly everWere: number;
  readonly behind: number;
  /** The first document whose view is behind. */
  readonly first?: unknown;
  /** Why it is, as a verification tells. */
  readonly why?: string;
}

/** The facts about a store. */
export interface Facts extends Inspection {
  /** Documents that ever were, and those whose views are behind; left out where quick. */
  readonly scanned?: Scanned;
}

/** Looks at a store. Unless quick it reads the head of every document's history, and every view. */
export async function gatherFacts(session: Session, { store }: OpenStore, quick: boolean): Promise<Facts> {
  const inspection = await inspect(store, session.call);
  if (quick) return inspection;
  const progress = createProgress(session, "document");
  const speed = createSpeed();
  try {
    const { documents: everWere, ...late } = await countBehind(store, {
      ...session.call,
      onProgress: ({ documents, position }) =>
        progress.update({ ...speed(documents), position: positionOf(position), failures: 0 }),
    });
    return { ...inspection, scanned: { everWere, ...late, ...(await whyLate(session, store, late.first)) } };
  } finally {
    progress.stop();
  }
}

/** Why the view of a document is behind; nothing where there is none, or the log itself is at fault. */
async function whyLate(
  { call }: Session,
  store: OpenStore["store"],
  first: unknown,
): Promise<Pick<Scanned, "why">> {
  if (first === undefined) return {};
  const { findings } = await store.verify(first, call);
  const finding = findings.find(({ kind }) => kind === "behind");
  return finding === undefined ? {} : { why: finding.message };
}
