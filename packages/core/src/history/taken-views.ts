import type { OnDocument } from "../context/on-document.ts";
import { DriftError } from "../errors/drift-error.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";

/*
 * A view that is missing may be one that no crash let be written, which is written then, or one that another program took
 * away, which nobody may write again without being asked. The writer who knew that it was there leaves a note.
 */

function noteOf(doc: DocumentId): string {
  return `taken:${idKey(doc)}`;
}

/** Notes that a view was taken away, where it is gone. */
export async function noteTaken(on: OnDocument, version: number): Promise<void> {
  const { doc, deadline } = on;
  const { views, checkpoints } = await on.opened();
  const [found] = await views.get([doc], deadline.call());
  if (found === undefined) await checkpoints.put(noteOf(doc), { version }, deadline.call());
}

/** Throws DriftError where a missing view is known to have been taken away. */
export async function refuseTaken(on: OnDocument): Promise<void> {
  const { doc, deadline } = on;
  const { checkpoints } = await on.opened();
  const note = await checkpoints.get(noteOf(doc), deadline.call());
  if (note === undefined) return;
  const version = typeof note.version === "number" ? note.version : 0;
  throw new DriftError({ id: doc, version, found: "taken" });
}

/** Forgets that a view was taken away: it was written anew. */
export async function forgetTaken(on: OnDocument): Promise<void> {
  const { doc, deadline } = on;
  const { checkpoints } = await on.opened();
  await checkpoints.remove(noteOf(doc), deadline.call());
}
