import { ConstraintError } from "../errors/constraint-error.ts";
import { type DocumentId, showId } from "../model/document-id.ts";

/** Says that a view cannot be written, whatever is tried. */
export function viewRefused(doc: DocumentId, version: number): ConstraintError {
  const message = `The view of document ${showId(doc)}, version ${version}, cannot be written: the collection refuses it (a unique index or a validator). Take that away, then sweep, repair or rebuild.`;
  return new ConstraintError(message, { id: doc });
}
