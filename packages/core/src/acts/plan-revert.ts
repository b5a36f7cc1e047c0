import type { OnDocument } from "../context/on-document.ts";
import type { RevertPlan } from "../context/results.ts";
import { loadHead } from "../history/load-head.ts";
import { readEvents } from "../history/read-events.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { CheckedMoment } from "../model/moment.ts";
import { type DocumentEvent, documentEvent } from "../projection/document-event.ts";
import { lend } from "../value/seal.ts";
import type { Act } from "./act.ts";
import { pastOf } from "./acts.ts";

/**
 * The event that a revert would store now, and the events that it would take back. Throws the errors that the revert
 * would throw.
 */
export async function planRevert(
  on: OnDocument,
  moment: CheckedMoment,
  act: Act,
): Promise<RevertPlan<DocumentId>> {
  const { resources, doc: id } = on;
  const { folded } = await loadHead(on);
  const decision = await act.decide(folded);
  const past = await pastOf(on, folded, moment);
  const takesBack: DocumentEvent<DocumentId>[] = [];
  const range = { from: past.version + 1, to: folded.version };
  for await (const page of readEvents(on, range)) {
    const changes = page.filter(({ type }) => type !== "blank");
    takesBack.push(...changes.map((event) => documentEvent(event, resources.types)));
  }
  const patches = decision === undefined ? [] : lend(decision.patches, resources.types);
  return { id, to: past.changed, version: folded.changed, patches, takesBack };
}
