import { ConstraintError } from "../errors/constraint-error.ts";
import { StorageBusyError } from "../errors/storage-busy-error.ts";
import { type DocumentId, showId } from "../model/document-id.ts";

/** Says that a view cannot be written, whatever is tried. */
export function viewRefused(doc: DocumentId, version: number): ConstraintError {
  const message = `The view of document ${showId(doc)}, version ${version}, cannot be written: the collection refuses it (a unique index or a validator). Take that away, then sweep, repair or rebuild.`;
  return new ConstraintError(message, { id: doc });
}

/** Says that a view could not be written for now. */
export function viewBehind(doc: DocumentId, version: number): StorageBusyError {
  const message = `The view of document ${showId(doc)}, version ${version}, could not be written now. Its event is stored; read, an edit, sweep or repair tries again.`;
  return new StorageBusyError(message, { operation: "write a view" });
}
