import type { Limit } from "../context/limit.ts";
import type { Resources } from "../context/resources.ts";
import type { Folded } from "../fold/folded.ts";
import { nothing } from "../fold/folded.ts";
import { notAdopted } from "../history/load-head.ts";
import { replay } from "../history/replay.ts";
import { forgetTaken } from "../history/taken-views.ts";
import type { DocumentId } from "../model/document-id.ts";
import { viewOf } from "../projection/view-of.ts";
import { viewBehind, viewRefused } from "./view-refused.ts";

/**
 * Rewrites a document's view from the log, whatever the view says. A view without any log is left alone: it
 * may be all that is left.
 */
export async function repairView(resources: Resources, doc: DocumentId, limit: Limit): Promise<Folded> {
  const { log, views } = await resources.opened(limit);
  for (;;) {
    const head = await log.head(doc, 0, limit.call());
    if (head === undefined) {
      const [view] = await views.get([doc], limit.call());
      if (view?.state !== undefined) throw notAdopted(doc);
      return nothing;
    }
    const { folded } = await replay(resources, doc, { version: head.version }, limit);
    const outcome = await views.write(viewOf(folded, doc, resources.types), "any", limit.call());
    if (outcome === "refused") throw await viewRefused(views, doc, folded.version, limit);
    if (outcome === "behind") throw viewBehind(doc, folded.version);
    await forgetTaken(resources, doc, limit);
    resources.cache.delete(doc);
    resources.cache.put(doc, { folded, view: undefined });
    // a writer may have been faster: its view, overwritten here, is brought forward again
    if ((await log.head(doc, head.version, limit.call()))?.version === head.version) return folded;
  }
}
