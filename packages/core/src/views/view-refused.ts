import type { OnDocument } from "../context/on-document.ts";
import { ConstraintError } from "../errors/constraint-error.ts";
import { StorageBusyError } from "../errors/storage-busy-error.ts";
import { type DocumentId, showId } from "../model/document-id.ts";
import type { Call } from "../port/call.ts";
import type { Deadline } from "../port/deadline.ts";
import type { Refusal } from "../port/refusal.ts";

/** A store of views or rows, which may tell why it refused some. */
interface Refusing {
  refusal?(doc: DocumentId, call: Call): Promise<Refusal | undefined>;
}

const unexplained: Refusal = {
  reason: "a unique index or a validator may be in the way",
  remedy: "Take that away, then sweep, repair or rebuild.",
};

/** The error for a view that cannot be written, whatever is tried, with the reason as far as its storage tells. */
export async function viewRefused(
  { doc, deadline }: OnDocument,
  views: Refusing,
  version: number,
): Promise<ConstraintError> {
  const { reason, remedy } = await whyRefused(views, doc, deadline);
  const message = `The view of document ${showId(doc)}, version ${version}, cannot be written: the collection refuses it: ${reason}. ${remedy}`;
  return new ConstraintError(message, { id: doc });
}

/** Says that a view could not be written for now. */
export function viewBehind(doc: DocumentId, version: number): StorageBusyError {
  const message = `The view of document ${showId(doc)}, version ${version}, could not be written now. Its event is stored; read, an edit, sweep or repair tries again.`;
  return new StorageBusyError(message, { operation: "write a view" });
}

/** Why views or rows of a document were refused. A storage that cannot say so now keeps nobody from hearing that they were. */
export async function whyRefused(store: Refusing, doc: DocumentId, deadline: Deadline): Promise<Refusal> {
  try {
    return (await store.refusal?.(doc, deadline.call())) ?? unexplained;
  } catch {
    return unexplained;
  }
}
