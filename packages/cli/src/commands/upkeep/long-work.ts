import type { RebuildOptions, RebuildResult, UnfinishedWork } from "@everdraft/core/upkeep";
import { positionOf } from "../../documents/document-id.ts";
import type { Session } from "../../session.ts";
import { createProgress } from "../../terminal/progress.ts";
import { createSkipped } from "../../terminal/skipped.ts";
import { count, counted } from "../../text/text.ts";
import { when } from "../documents/history.ts";

/** The functions by which work over all documents is heard. */
type Listeners = Required<Pick<RebuildOptions, "onProgress" | "onFailure">>;

/**
 * Runs work over all documents: shows how far it is, and names the skipped documents at its end. Throws the reason of the
 * signal where that ended it.
 */
export async function runWork<R extends Pick<RebuildResult, "complete">>(
  session: Session,
  work: (listeners: Listeners) => Promise<R>,
): Promise<R> {
  const progress = createProgress(session, "document");
  const skipped = createSkipped(session);
  let result: R;
  try {
    result = await work({
      onProgress: (reached) => progress.update({ ...reached, position: positionOf(reached.position) }),
      onFailure: skipped.add,
    });
  } finally {
    progress.stop();
    skipped.tell();
  }
  // the documents in hand are done and saved
  if (!result.complete) session.signal.throwIfAborted();
  return result;
}

/** The result of such work, in words. */
export function resultText({ complete, documents, written, failures }: RebuildResult): string {
  const ended = complete ? "" : " Not complete: run the command again.";
  const left = failures === 0 ? "" : `, ${counted(failures, "document")} skipped`;
  return `${counted(documents, "document")} looked at, ${count(written)} written${left}.${ended}`;
}

/** Says where unfinished work goes on. */
export function goesOnText(session: Session, { documents, startedAt }: UnfinishedWork): string {
  return `goes on, or joins in, behind the ${counted(documents, "document")} done since ${when(session, startedAt)}`;
}
