import { ImportConflictError } from "../errors/import-conflict-error.ts";
import { ImportFutureError } from "../errors/import-future-error.ts";
import { ImportOrderError } from "../errors/import-order-error.ts";
import { StorageError } from "../errors/storage-error.ts";
import { type DocumentId, showId } from "../model/document-id.ts";

/** Says that the time of a revision is not behind that of the one before it. */
export function outOfOrder(doc: DocumentId, met: number, fault: string): ImportOrderError {
  const message = `Revision ${met} of document ${showId(doc)} cannot be taken: ${fault}. Give the revisions of a document in the order of their times.`;
  return new ImportOrderError(message, { id: doc, revision: met });
}

/** Says that a revision lies in the future. */
export function inFuture(doc: DocumentId, met: number): ImportFutureError {
  const message = `Revision ${met} of document ${showId(doc)} lies in the future. Check its time, and this machine's clock.`;
  return new ImportFutureError(message, { id: doc, revision: met });
}

/** Says that a document has events of others. */
export function hasOthers(doc: DocumentId, version: number, other?: string): ImportConflictError {
  const whose = other === undefined ? "" : `: the newest is of the import ${JSON.stringify(other)}`;
  const remedy =
    other === undefined ? "" : " If this is the same import, give it that name; if it is another one:";
  const message = `Document ${showId(doc)} has events that are not of this import, up to version ${version}${whose}. It was passed by.${remedy} Import it under another id.`;
  return new ImportConflictError(message, { id: doc, version });
}

/** Says that a revision is another than the one that an earlier run stored. */
export function isOther(doc: DocumentId, revision: number, version: number): ImportConflictError {
  const message = `Revision ${revision} of document ${showId(doc)} is another than the one that an earlier run of this import stored. The document was passed by from there on. Give the same revisions again, and new ones behind them; if this is another import, give it another name, and the document another id.`;
  return new ImportConflictError(message, { id: doc, version });
}

/** Says that a revision was refused in an earlier run, and that it is too late to store it. */
export function leftOut(doc: DocumentId, revision: number, version: number): ImportConflictError {
  const message = `Revision ${revision} of document ${showId(doc)} was refused in an earlier run of this import, and later ones are stored. It was passed by again: nothing can be put between events. To have it, import the document under another id.`;
  return new ImportConflictError(message, { id: doc, version });
}

/** Says that nobody knows whether revisions are stored. `doubt` is the last answer of the storage, where there was one. */
export function undecided(doc: DocumentId, doubt: unknown): StorageError {
  const found =
    doubt instanceof Error
      ? `was in doubt until its time was up: ${doubt.message}`
      : "got no answer in time.";
  const message = `The import of document ${showId(doc)} ${found} Run the import again: it goes on where it stopped.`;
  return new StorageError(message, { operation: "import" }, { cause: doubt });
}
