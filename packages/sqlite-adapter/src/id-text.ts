import { type DocumentId, StorageError, showId } from "@everdraft/core/adapter";

/**
 * The text of a document's or user's id: this storage declares strings alone, so core lets nothing else
 * through.
 */
export function idText(id: DocumentId): string {
  if (typeof id === "string") return id;
  throw new StorageError({
    operation: "bind an id",
    reason: `SQLite takes strings, and this one is ${showId(id)}`,
    remedy: "Use a string.",
  });
}
