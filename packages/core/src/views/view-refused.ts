import type { OnDocument } from "../context/on-document.ts";
import { ConstraintError } from "../errors/constraint-error.ts";
import { StorageBusyError } from "../errors/storage-busy-error.ts";
import type { DocumentId } from "../model/document-id.ts";
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
  return new ConstraintError({
    operation: "write the view",
    id: doc,
    where: `at version ${version}`,
    reason: `the collection refuses it: ${reason}`,
    remedy,
  });
}

/** Says that a view could not be written for now. */
export function viewBehind(doc: DocumentId, version: number): StorageBusyError {
  return new StorageBusyError({
    operation: "write a view",
    id: doc,
    where: `at version ${version}`,
    reason: "it stayed behind, though its event is stored",
    remedy: "The next read or edit, sweep and repair try again.",
  });
}

/** Why views or rows of a document were refused. A storage that cannot say so now keeps nobody from hearing that they were. */
export async function whyRefused(store: Refusing, doc: DocumentId, deadline: Deadline): Promise<Refusal> {
  try {
    return (await store.refusal?.(doc, deadline.call())) ?? unexplained;
  } catch {
    return unexplained;
  }
}
