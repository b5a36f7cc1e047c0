import { type DocumentId, idKey } from "../model/document-id.ts";

const digits = 8;

/** The id of a row: its document, and its place among that document's rows, which sort by it. */
export function rowId(doc: DocumentId, place: number): string {
  return `${idKey(doc)}#${String(place).padStart(digits, "0")}`;
}

/** The key of the document of a row (see `idKey`), and the row's place. */
export function partsOfRowId(idOfRow: string): { readonly key: string; readonly place: number } {
  return { key: idOfRow.slice(0, -digits - 1), place: Number(idOfRow.slice(-digits)) };
}
