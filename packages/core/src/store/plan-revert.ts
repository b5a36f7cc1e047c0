import type { DocumentId } from "../model/document-id.ts";
import type { CheckedMoment } from "../model/moment.ts";
import { lend } from "../model/seal.ts";
import { type DocumentEvent, documentEvent } from "../projection/document-event.ts";
import type { Act } from "./act.ts";
import { pastOf } from "./acts.ts";
import type { Limit } from "./limit.ts";
import { loadHead } from "./load-head.ts";
import { readEvents } from "./read-events.ts";
import type { Resources } from "./resources.ts";
import type { RevertPlan } from "./results.ts";

/**
 * What a revert would store now, and the events that it would take back. Throws what the revert would throw.
 */
export async function planRevert(
  resources: Resources,
  id: DocumentId,
  moment: CheckedMoment,
  act: Act,
  limit: Limit,
): Promise<RevertPlan<DocumentId>> {
  const { folded } = await loadHead(resources, id, limit);
  const decision = await act.decide(folded);
  const to = (await pastOf(resources, id, folded, moment, limit)).version;
  const takesBack: DocumentEvent<DocumentId>[] = [];
  for await (const page of readEvents(resources, id, { from: to + 1, to: folded.version }, limit)) {
    takesBack.push(...page.map((event) => documentEvent<DocumentId>(event, resources.types)));
  }
  const patches = decision === undefined ? [] : lend(decision.patches, resources.types);
  return { id, to, version: folded.version, patches, takesBack };
}
