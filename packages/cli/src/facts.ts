import { countBehind, type Inspection, inspect } from "@everdraft/core/upkeep";
import { positionOf } from "./documents/document-id.ts";
import type { Session } from "./session.ts";
import type { OpenStore } from "./store/open-store.ts";
import { createPace, createProgress } from "./terminal/progress.ts";

/** What there is to know about a store. */
export interface Facts extends Inspection {
  /** Documents that ever were, and those whose views are behind; left out where quick. */
  readonly scanned?: { readonly everWere: number; readonly behind: number };
}

/** Looks at a store. Unless quick it reads the head of every document's history, and every view. */
export async function gatherFacts(session: Session, { store }: OpenStore, quick: boolean): Promise<Facts> {
  const inspection = await inspect(store, session.call);
  if (quick) return inspection;
  const progress = createProgress(session, "document");
  const pace = createPace();
  try {
    const { documents: everWere, behind } = await countBehind(store, {
      ...session.call,
      onProgress: ({ documents, position }) =>
        progress.update({ ...pace(documents), position: positionOf(position), failures: 0 }),
    });
    return { ...inspection, scanned: { everWere, behind } };
  } finally {
    progress.stop();
  }
}
