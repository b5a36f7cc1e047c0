import { changesBetween } from "../changes/changes-between.ts";
import { wordRuns } from "../changes/word-runs.ts";
import type { OnDocument } from "../context/on-document.ts";
import type { UndoPlan } from "../context/results.ts";
import { loadHead } from "../history/load-head.ts";
import type { DocumentId } from "../model/document-id.ts";
import { documentEvent } from "../projection/document-event.ts";
import { lend, seal } from "../value/seal.ts";
import { type AskedUndo, conflictsOf, decisionOf, planTakeBack } from "./undoing.ts";

/** The event that an undo would store now, and the places that later events touched. Throws the errors that refuse an undo. */
export async function planUndo(on: OnDocument, asked: AskedUndo): Promise<UndoPlan<DocumentId>> {
  const { types } = on.resources;
  const { folded } = await loadHead(on);
  const { event, state, touched } = await planTakeBack(on, folded, asked);
  const isStopped = asked.onConflict === "stop" && touched.length > 0;
  const decision = isStopped ? undefined : decisionOf(on, folded, event, state);
  return {
    id: on.doc,
    undoes: documentEvent(event, types),
    version: folded.changed,
    changes: changesBetween(folded.state, seal(state), types, wordRuns),
    patches: decision === undefined ? [] : lend(decision.patches, types),
    conflicts: conflictsOf(on, touched),
  };
}
