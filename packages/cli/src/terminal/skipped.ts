import { idText } from "../documents/document-id.ts";
import type { Session } from "../session.ts";
import { count, plain } from "../text/text.ts";

/** A document that long work skipped. */
interface SkippedDocument {
  readonly id: unknown;
  readonly message: string;
  readonly cause: unknown;
}

/** So many are named: of those that a projection fails on there is a list. */
const shown = 20;

/** Gathers the documents that work skipped, and tells of them when it has ended. */
export function createSkipped(session: Session): { add(document: SkippedDocument): void; tell(): void } {
  const lines: string[] = [];
  return {
    add: ({ id, message, cause }) => {
      lines.push(`Skipped: ${plain(idText(id))}: ${message}${cause instanceof Error ? ` (${cause})` : ""}`);
    },
    tell: () => {
      for (const line of lines.slice(0, shown)) session.complain(line);
      if (lines.length > shown) session.complain(`… and ${count(lines.length - shown)} more skipped`);
    },
  };
}
