import type { OnDocument } from "../context/on-document.ts";
import { NotAdoptedError } from "../errors/not-adopted-error.ts";
import type { Folded } from "../fold/folded.ts";
import { nothing } from "../fold/folded.ts";
import { replay } from "../history/replay.ts";
import { forgetTaken } from "../history/taken-views.ts";
import { viewOf } from "../projection/view-of.ts";
import { viewBehind, viewRefused } from "./view-refused.ts";

/**
 * Rewrites a document's view from the log, whatever the view says. A view without any log is left alone: it
 * may be all that is left.
 */
export async function repairView(on: OnDocument): Promise<Folded> {
  const { resources, doc, deadline } = on;
  const { views } = await on.opened();
  for (;;) {
    const head = await on.head(0);
    if (head === undefined) {
      const [view] = await views.get([doc], deadline.call());
      if (view?.state !== undefined) throw new NotAdoptedError({ id: doc });
      return nothing;
    }
    const { folded } = await replay(on, { version: head.version });
    const outcome = await views.write(viewOf(folded, doc, resources.types), "any", deadline.call());
    if (outcome === "refused") throw await viewRefused(on, views, folded.version);
    if (outcome === "behind") throw viewBehind(doc, folded.version);
    await forgetTaken(on);
    resources.cache.delete(doc);
    resources.cache.put(doc, { folded, view: undefined });
    // a writer may have been faster: its view, overwritten here, is brought forward again
    if ((await on.head(head.version))?.version === head.version) return folded;
  }
}
