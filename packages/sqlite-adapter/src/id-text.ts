import { type DocumentId, StorageError, showId } from "@everdraft/core/adapter";

/**
 * The text of a document's or user's id: this storage declares strings alone, so core lets nothing else
 * through.
 */
export function idText(id: DocumentId): string {
  if (typeof id === "string") return id;
  const message = `The id ${showId(id)} cannot be kept in SQLite, which takes strings. Use a string.`;
  throw new StorageError(message, { operation: "bind an id" });
}
